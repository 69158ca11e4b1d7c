import { z } from 'zod';
import {
  component,
  flag,
  goDuration,
  goInteger,
  interpolation,
  mapping,
  oneOf,
  query,
  requiredComponent,
  requiredComponents,
  text,
  withoutEffect,
} from '../../schema/leaf.ts';
import { batchingSchema } from './batching.ts';

const autoReplayNacks = flag()
  .prefault(true)
  .meta({ description: 'Emit a message again until the output takes it; `false` drops messages that the output refuses.' });
const scanner = component('scanner').meta({ description: 'How the bytes become messages; lines by default.' });
const codec = text().optional().meta({ description: 'The older form of `scanner`.', deprecated: true });
const maxBuffer = goInteger()
  .prefault(1_000_000)
  .meta({ description: 'Of the older form: bytes of the longest message.', deprecated: true });

const joinSchema = z
  .strictObject({
    type: oneOf('none', 'full-outer', 'outer')
      .prefault('none')
      .meta({ description: 'Which ids are delivered: all, or with `outer` those that the last input has.' }),
    id_path: text().prefault('').meta({ description: 'Dot path of the id in each document.' }),
    iterations: goInteger({ atLeast: 1 })
      .prefault(1)
      .meta({ description: 'How often the inputs are read: each time the documents of a part of the ids are held in memory.' }),
    merge_strategy: oneOf('array', 'replace', 'keep')
      .prefault('array')
      .meta({ description: 'What becomes of a field that several documents have: a list of all, the last or the first.' }),
  })
  .meta({ description: 'Joins documents of the inputs by an id.' });

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
  csv: z
    .strictObject({
      paths: z.array(text()).meta({ description: 'Files to read, one after the other; `*` and `**` match many.' }),
      parse_header_row: flag().prefault(true).meta({ description: 'The first row holds names; without it, each message is a list.' }),
      delimiter: text().prefault(',').meta({ description: 'What stands between fields; one character.' }),
      lazy_quotes: flag().prefault(false).meta({ description: 'Take quotes where they should not be as they are.' }),
      delete_on_finish: flag().prefault(false).meta({ description: 'Delete a file once the output has taken all of it.' }),
      batch_count: goInteger({ atLeast: 1 }).prefault(1).meta({ description: 'Rows of a batch.' }),
      auto_replay_nacks: autoReplayNacks,
    })
    .meta({ description: 'Reads CSV files.' }),
  generate: z
    .strictObject({
      mapping: mapping().meta({ description: 'A Bloblang mapping that makes each message.' }),
      interval: text().prefault('1s').meta({
        description: 'The pause between batches: a duration, a cron expression or `@every` and a duration; empty: none.',
      }),
      count: goInteger().prefault(0).meta({ description: 'How many messages there are; `0` is no limit.' }),
      batch_size: goInteger().prefault(1).meta({ description: 'Messages of a batch.' }),
      auto_replay_nacks: flag().prefault(true).meta(withoutEffect('what was made is always delivered again, as in Benthos')),
    })
    .meta({ description: 'Makes messages by a mapping.' }),
  http_server: z
    .strictObject({
      address: text().prefault('').meta({ description: 'Host and port to listen on; empty: the server of `http`.' }),
      path: text().prefault('/post').meta({ description: 'The path; `{name}` stands for one segment.' }),
      ws_path: text().prefault('/post/ws').meta(withoutEffect('there are no web sockets')),
      allowed_verbs: z.array(text()).prefault(['POST']).meta({ description: 'Methods that are taken.' }),
      timeout: goDuration().prefault('5s').meta({ description: 'How long a request waits until its messages are delivered.' }),
      rate_limit: text()
        .prefault('')
        .meta({ description: 'The label of one of `rate_limit_resources`; beyond it requests are answered with 429.' }),
      sync_response: z
        .strictObject({
          status: interpolation().prefault('200').meta({ description: 'The status of an answer with messages.' }),
          headers: z
            .record(z.string(), interpolation())
            .prefault({ 'Content-Type': 'application/octet-stream' })
            .meta({ description: 'Its headers.' }),
        })
        .prefault({})
        .meta({ description: 'Answers that a `sync_response` output or processor makes.' }),
    })
    .meta({ description: 'Takes requests over HTTP; each is answered once its messages are delivered.' }),
  inproc: text().meta({ description: 'What an `inproc` output of the same name is given.' }),
  broker: z
    .strictObject({
      inputs: requiredComponents('input').meta({ description: 'The inputs to read at the same time.' }),
      copies: goInteger().prefault(1).meta({ description: 'How often each of them is there.' }),
      batching: batchingSchema.optional(),
    })
    .meta({ description: 'Reads several inputs at the same time.' }),
  sequence: z
    .strictObject({
      inputs: requiredComponents('input').meta({ description: 'The inputs to read one after the other.' }),
      sharded_join: joinSchema.prefault({}),
    })
    .meta({ description: 'Reads inputs one after the other.' }),
  read_until: z
    .strictObject({
      input: requiredComponent('input').meta({ description: 'The input to read.' }),
      check: query()
        .prefault('')
        .meta({ description: 'A Bloblang query over the first message of each batch; `true` ends the input behind it.' }),
      idle_timeout: goDuration().prefault('').meta({ description: 'Ends the input when nothing has come for so long; empty: never.' }),
      restart_input: flag().prefault(false).meta({ description: 'Read the input anew when it ends by itself.' }),
    })
    .meta({ description: 'Reads an input to a message that passes a check.' }),
  batched: z
    .strictObject({
      child: requiredComponent('input').meta({ description: 'The input to read.' }),
      policy: batchingSchema,
    })
    .meta({ description: 'Collects what an input reads into batches.' }),
};
