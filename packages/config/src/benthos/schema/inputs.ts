import { z } from 'zod';
import { component, flag, goInteger, mapping, text } from '../../schema/leaf.ts';
import { batchingSchema } from './batching.ts';

const autoReplayNacks = flag()
  .prefault(true)
  .meta({ description: 'Emit a message again until the output takes it; `false` drops messages that the output refuses.' });
const scanner = component('scanner').meta({ description: 'How the bytes become messages; lines by default.' });
const codec = text().optional().meta({ description: 'The older form of `scanner`.' });
const maxBuffer = goInteger().prefault(1_000_000).meta({ description: 'Of the older form: bytes of the longest message.' });

/** Every input that runs in one process without lanes, by name, with its fields. */
export const inputTypes = {
  stdin: z
    .strictObject({ scanner, codec, max_buffer: maxBuffer, auto_replay_nacks: autoReplayNacks })
    .meta({ description: 'Reads standard input.' }),
  file: z
    .strictObject({
      paths: z.array(text()).prefault([]).meta({ description: 'Files to read, one after the other; `*` and `**` match many.' }),
      scanner,
      codec,
      max_buffer: maxBuffer,
      delete_on_finish: flag().prefault(false).meta({ description: 'Delete a file once the output has taken all of it.' }),
      auto_replay_nacks: autoReplayNacks,
    })
    .meta({ description: 'Reads files.' }),
  generate: z
    .strictObject({
      mapping: mapping().meta({ description: 'A Bloblang mapping that makes each message.' }),
      interval: text().prefault('1s').meta({
        description: 'The pause between batches: a duration, a cron expression or `@every` and a duration; empty: none.',
      }),
      count: goInteger().prefault(0).meta({ description: 'How many messages there are; `0` is no limit.' }),
      batch_size: goInteger().prefault(1).meta({ description: 'Messages of a batch.' }),
      auto_replay_nacks: autoReplayNacks,
    })
    .meta({ description: 'Makes messages by a mapping.' }),
  batched: z
    .strictObject({
      child: component('input').meta({ description: 'The input to read.' }),
      policy: batchingSchema,
    })
    .meta({ description: 'Collects what an input reads into batches.' }),
};
