import { z } from 'zod';
import {
  components,
  flag,
  goDuration,
  goInteger,
  interpolation,
  mapping,
  oneOf,
  oneOfAnyCase,
  query,
  text,
  unarchiveFormat,
} from '../../schema/leaf.ts';
import { httpProcessor } from './http-processor.ts';
import { observingProcessors } from './observing-processors.ts';
import { optionalFields } from './optional-fields.ts';
import { parsingProcessors } from './parsing-processors.ts';
import { programProcessors } from './program-processors.ts';
import { schemaProcessors } from './schema-processors.ts';

const branchFields = z.strictObject({
  request_map: mapping().optional().meta({
    description: 'Makes the request of each record, which begins empty; absent, it is a copy. `root = deleted()` skips the record.',
  }),
  processors: components('processor').meta({ description: 'Processors that the requests go through; at least one.' }),
  result_map: mapping()
    .optional()
    .meta({ description: 'Edits the record by the result, which is `this` here; absent, the record stays as it is.' }),
});

/** Every processor Sluice runs, by name, with its fields. */
export const processorTypes = {
  mapping: mapping().meta({ description: 'A Bloblang mapping that makes a new record from each record.' }),
  bloblang: mapping().meta({ description: 'The older name of `mapping`.' }),
  mutation: mapping().meta({ description: 'A Bloblang mapping that changes each record in place.' }),
  archive: z
    .strictObject({
      format: oneOf('concatenate', 'tar', 'zip', 'binary', 'lines', 'json_array').meta({
        description: 'How the records of a batch become one.',
      }),
      path: interpolation().prefault('').meta({ description: 'The path of each record in a `tar` or `zip`.' }),
    })
    .meta({ description: 'Makes one record of a batch.' }),
  unarchive: z
    .strictObject({
      format: unarchiveFormat().meta({
        description:
          '`tar`, `zip`, `binary`, `lines`, `json_documents`, `json_array`, `json_map`, `csv` or, with another delimiter, `csv:x`.',
      }),
    })
    .meta({ description: 'Makes a batch of each record.' }),
  compress: z
    .strictObject({
      algorithm: oneOf('gzip', 'pgzip', 'zlib', 'flate', 'snappy', 'lz4', 'zstd').meta({ description: 'The algorithm.' }),
      level: goInteger().prefault(-1).meta({ description: 'The level; `-1` is the default of the algorithm.' }),
    })
    .meta({ description: 'Compresses each record.' }),
  decompress: z
    .strictObject({
      algorithm: oneOf('gzip', 'pgzip', 'zlib', 'flate', 'snappy', 'lz4', 'zstd', 'bzip2').meta({ description: 'The algorithm.' }),
    })
    .meta({ description: 'Decompresses each record.' }),
  split: z
    .strictObject({
      size: goInteger().prefault(1).meta({ description: 'Records of each smaller batch.' }),
      byte_size: goInteger().prefault(0).meta({ description: 'Bytes of each smaller batch; `0` disables.' }),
    })
    .meta({ description: 'Breaks a batch into smaller ones.' }),
  select_parts: z
    .strictObject({ parts: z.array(goInteger()).prefault([]).meta({ description: 'Indexes to keep; negative ones count from the end.' }) })
    .meta({ description: 'Keeps some records of a batch.' }),
  insert_part: z
    .strictObject({
      index: goInteger().prefault(-1).meta({ description: 'Where to insert; negative counts from the end.' }),
      content: interpolation().prefault('').meta({ description: 'The data of the new record.' }),
    })
    .meta({ description: 'Inserts a record into a batch.' }),
  bounds_check: z
    .strictObject({
      max_part_size: goInteger().prefault(1_073_741_824).meta({ description: 'Maximum number of bytes of a record.' }),
      min_part_size: goInteger().prefault(1).meta({ description: 'Minimum number of bytes of a record.' }),
      max_parts: goInteger().prefault(100).meta({ description: 'Maximum number of records of a batch.' }),
      min_parts: goInteger().prefault(1).meta({ description: 'Minimum number of records of a batch.' }),
    })
    .meta({ description: 'Drops batches that are outside bounds.' }),
  group_by_value: z
    .strictObject({ value: interpolation().meta({ description: 'The text by which records are grouped.' }) })
    .meta({ description: 'Breaks a batch into one batch for each value.' }),
  group_by: z
    .array(
      z.strictObject({
        check: query().meta({ description: 'A Bloblang query; a record joins the first group for which it answers `true`.' }),
        processors: components('processor').meta({ description: 'Processors of the group.' }),
      }),
    )
    .meta({ description: 'Breaks a batch into one batch for each group, and one of the records in no group.' }),
  processors: components('processor').meta({ description: 'Runs processors one after the other, as a single one.' }),
  for_each: components('processor').meta({ description: 'Runs processors over each record as a batch of one.' }),
  try: components('processor').meta({ description: 'Runs processors until one fails.' }),
  catch: components('processor').meta({ description: 'Runs processors over failed records only.' }),
  try_catch: z
    .strictObject({
      processors: components('processor').optional().meta({ description: 'Processors to run until one fails.' }),
      catch: components('processor')
        .optional()
        .meta({ description: 'Processors for records that failed; their flag is taken off before.' }),
      error_metadata: text()
        .prefault('error')
        .meta({ description: 'The metadata that tells these processors what failed: `what`, and where known `name`, `label` and `path`.' }),
    })
    .meta({ description: 'Runs processors until one fails, and others over what failed.' }),
  parallel: z
    .strictObject({
      cap: goInteger().prefault(0).meta({ description: 'Most records under way at once; `0` is no limit.' }),
      processors: components('processor').meta({ description: 'Processors to run over each record.' }),
    })
    .meta({ description: 'Runs processors over each record as a batch of one, and over several at once where they wait.' }),
  branch: branchFields.meta({ description: 'Runs processors over a request made from each record, and edits the record by the result.' }),
  workflow: z
    .strictObject({
      meta_path: text().prefault('meta.workflow').meta({
        description: 'Where a record holds which branches succeeded, were skipped and failed; empty, a failed branch flags the record.',
      }),
      order: z
        .array(z.array(text()))
        .prefault([])
        .meta({ description: 'Names of branches, tier by tier; absent, each runs after those that write what its request map reads.' }),
      branch_resources: z.array(text()).prefault([]).meta({ description: 'Labels of `branch` processors among `processor_resources`.' }),
      branches: z.record(z.string(), branchFields).prefault({}).meta({ description: 'Branches by their names.' }),
    })
    .meta({ description: 'Runs branches in an order in which each has what it needs.' }),
  while: z
    .strictObject({
      at_least_once: flag().prefault(false).meta({ description: 'Run once before the first check.' }),
      max_loops: goInteger()
        .prefault(0)
        .meta({ description: 'Rounds at most; `0` is no limit, and then an endless loop fails after 100,000 rounds.' }),
      check: query().prefault('').meta({ description: 'A Bloblang query over the first record of the batch; required.' }),
      processors: components('processor').optional().meta({ description: 'Processors to run in each round.' }),
    })
    .meta({ description: 'Runs processors over a batch for as long as a check answers `true`.' }),
  switch: z
    .array(
      z.strictObject({
        check: query().prefault('').meta({ description: 'A Bloblang query; empty matches always.' }),
        processors: components('processor').meta({ description: 'Processors of the case.' }),
        fallthrough: flag().prefault(false).meta({ description: 'Also run the next case, whatever its check.' }),
        continue: flag().prefault(false).meta({ description: 'Let the checks of later cases look at the result.' }),
      }),
    )
    .meta({ description: 'Runs the processors of the first case that matches a record.' }),
  http: httpProcessor,
  sleep: z
    .strictObject({ duration: interpolation().meta({ description: 'How long to wait for each record, as in `500ms`.' }) })
    .meta({ description: 'Waits for each record in turn.' }),
  retry: z
    .strictObject({
      backoff: z
        .strictObject({
          initial_interval: goDuration().prefault('500ms').meta({ description: 'The pause before the second attempt.' }),
          max_interval: goDuration().prefault('10s').meta({ description: 'The longest pause.' }),
          max_elapsed_time: goDuration().prefault('1m').meta({ description: 'Time after which no attempt is made; `0s` is no limit.' }),
        })
        .prefault({})
        .meta({ description: 'Pauses between attempts.' }),
      processors: components('processor').optional().meta({ description: 'Processors to run over each record; at least one.' }),
      parallel: flag().prefault(false).meta({ description: 'Whether the records of a batch are processed at once.' }),
      max_retries: goInteger({ atLeast: 0 }).prefault(0).meta({ description: 'Attempts, the first one counted; `0` is no limit.' }),
    })
    .meta({ description: 'Runs processors over each record, again from the start for as long as one of them fails.' }),
  rate_limit: z
    .strictObject({ resource: text().meta({ description: 'The label of one of `rate_limit_resources`.' }) })
    .meta({ description: 'Lets records wait for a place of a rate limit.' }),
  cache: z
    .strictObject({
      resource: text().meta({ description: 'The label of one of `cache_resources`.' }),
      operator: oneOf('set', 'add', 'get', 'delete', 'exists').meta({
        description: '`add` fails where the key exists, `get` where it does not; `exists` makes the record `true` or `false`.',
      }),
      key: interpolation().meta({ description: 'The key.' }),
      value: interpolation().optional().meta({ description: 'The value to `set` or `add`.' }),
      ttl: interpolation().optional().meta({ description: 'How long the value is kept, as in `60s`; absent or empty, as the cache says.' }),
    })
    .meta({ description: 'Reads or changes a cache for each record.' }),
  cached: z
    .strictObject({
      cache: text().meta({ description: 'The label of one of `cache_resources`.' }),
      key: interpolation().meta({ description: 'The key.' }),
      ttl: interpolation().optional().meta({ description: 'How long a result is kept; absent or empty, as the cache says.' }),
      skip_on: query()
        .prefault('')
        .meta({ description: 'A Bloblang query over a result; where it answers `true`, the result is not kept.' }),
      processors: components('processor').optional().meta({ description: 'Processors whose result is kept.' }),
    })
    .meta({ description: 'Keeps what processors make of a record, for the next record with the same key.' }),
  dedupe: z
    .strictObject({
      cache: text().meta({ description: 'The label of one of `cache_resources`.' }),
      key: interpolation().meta({ description: 'What duplicates have in common.' }),
      drop_on_err: flag().optional().meta({ description: '`true` drops a record where the cache fails; else it goes on, flagged.' }),
    })
    .meta({ description: 'Drops records whose key was seen before.' }),
  json_schema: z
    .strictObject({
      schema: text().optional().meta({ description: 'A JSON schema (draft 4, 6 or 7).' }),
      schema_path: text().optional().meta({ description: 'The file that holds the schema, `file://` in front; it wins over `schema`.' }),
    })
    .meta({ description: 'Flags each record whose document is not as a JSON schema wants it.' }),
  log: z
    .strictObject({
      level: oneOfAnyCase('FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL').prefault('INFO').meta({ description: 'The level.' }),
      message: interpolation().prefault('').meta({ description: 'The message.' }),
      fields: z.record(z.string(), interpolation()).optional().meta({ description: 'Fields to add to the line.' }),
      fields_mapping: mapping().optional().meta({ description: 'A mapping whose result is the fields to add.' }),
    })
    .meta({ description: 'Writes a log line for each record.' }),
  ...parsingProcessors,
  ...observingProcessors,
  ...programProcessors,
  ...schemaProcessors,
  noop: z.record(z.string(), z.unknown()).meta({ description: 'Does nothing.' }),
  resource: text().meta({ description: 'The label of one of `processor_resources`.' }),
};

export const processorSchema = z
  .strictObject({
    label: text().prefault('').meta({ description: 'A name for logs and metrics.' }),
    type: text().optional().meta({ description: 'Name of the processor, if its own field is absent.' }),
    meta: z.unknown().optional().meta({ description: 'Unstructured metadata; ignored.' }),
    ...optionalFields(processorTypes),
  })
  .meta({ description: 'One processor: its name as the field, its options as the value.' });
