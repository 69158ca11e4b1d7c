import { z } from 'zod';
import { components, goDuration, goInteger, query } from '../../schema/leaf.ts';

/** Thresholds trigger a flush, they do not cap a batch. */
export const batchingSchema = z
  .strictObject({
    count: goInteger({ atLeast: 0 })
      .prefault(0)
      .meta({ description: 'Number of records that flushes a batch; `0` disables.', examples: [500] }),
    byte_size: goInteger({ atLeast: 0 })
      .prefault(0)
      .meta({ description: 'Number of bytes that flushes a batch; `0` disables.', examples: [1048576] }),
    period: goDuration()
      .prefault('')
      .meta({ description: 'Age that flushes an incomplete batch; empty disables.', examples: ['1s', '100ms'] }),
    check: query()
      .prefault('')
      .meta({
        description: 'A Bloblang query; a batch is flushed when it answers `true` for the newest record.',
        examples: ['this.type == "end"'],
      }),
    processors: components('processor').meta({
      description: 'Processors run over each flushed batch, for example to archive it into one record.',
    }),
  })
  .meta({
    description:
      'When a batch is flushed. At least one of `count`, `byte_size`, `period` and `check` must be set; none at all means no batching.',
  });

export type BatchingFields = z.output<typeof batchingSchema>;
