import { z } from 'zod';
import { components, flag, goInteger, mapping, requiredText, text } from '../../schema/leaf.ts';
import { batchingSchema } from './batching.ts';

const options = (description: string) => z.unknown().optional().meta({ description });

/** The buffers of Benthos, checked whether or not they have an effect here. */
export const bufferSchema = z
  .strictObject({
    type: text().optional().meta({ description: 'Name of the buffer, if its own field is absent.' }),
    plugin: options('The options of the buffer named by `type`.'),
    none: options('No buffer.'),
    memory: z
      .strictObject({
        limit: goInteger().prefault(524_288_000).meta({ description: 'Bytes that the buffer may hold.' }),
        batch_policy: z
          .strictObject({
            enabled: flag().prefault(false).meta({ description: 'Batch what leaves the buffer.' }),
            ...batchingSchema.shape,
          })
          .optional()
          .meta({ description: 'How what leaves the buffer is batched.' }),
      })
      .optional()
      .meta({ description: 'Messages in memory, acknowledged on receipt.' }),
    sqlite: z
      .strictObject({
        path: requiredText().meta({ description: 'File of the database.' }),
        pre_processors: components('processor').meta({ description: 'Processors in front of the buffer.' }),
        post_processors: components('processor').meta({ description: 'Processors behind the buffer.' }),
      })
      .optional()
      .meta({ description: 'Messages in a SQLite database.' }),
    system_window: z
      .strictObject({
        timestamp_mapping: mapping().prefault('root = now()').meta({ description: 'The time of a message.' }),
        size: text().meta({ description: 'Length of a window.', examples: ['30s'] }),
        slide: text().prefault('').meta({ description: 'Time between the starts of windows; empty for tumbling ones.' }),
        offset: text().prefault('').meta({ description: 'What shifts the start of windows.' }),
        allowed_lateness: text().prefault('').meta({ description: 'How long a window waits for late messages.' }),
      })
      .optional()
      .meta({ description: 'Batches by windows of time.' }),
  })
  .meta({
    description:
      'What stands between input and output where both run in one process. Without effect where there are lanes, which are the buffer.',
  });
