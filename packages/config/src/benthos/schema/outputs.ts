import { z } from 'zod';
import {
  flag,
  goDuration,
  goInteger,
  interpolation,
  oneOf,
  query,
  requiredComponent,
  requiredComponents,
  text,
  withoutEffect,
} from '../../schema/leaf.ts';
import { awsOutputTypes } from './aws-outputs.ts';
import { batchingSchema } from './batching.ts';
import { httpProcessor } from './http-processor.ts';

const codec = text()
  .prefault('lines')
  .meta({ description: 'What stands between messages: `lines`, `delim:x`, `append` (nothing); `all-bytes` replaces what was there.' });

const { parallel: _parallel, extract_headers: _extracted, ...httpClientFields } = httpProcessor.shape;

/** Every output that runs in one process without lanes, by name, with its fields. `aws_kinesis` stands in a file of its own. */
export const outputTypes = {
  stdout: z.strictObject({ codec }).meta({ description: 'Writes to standard output.' }),
  file: z
    .strictObject({
      path: interpolation().meta({ description: 'The file; folders that are missing are made.' }),
      codec,
    })
    .meta({ description: 'Writes to files.' }),
  drop: z.strictObject({}).meta({ description: 'Takes messages and writes nothing.' }),
  broker: z
    .strictObject({
      copies: goInteger().prefault(1).meta({ description: 'How often each of the outputs is there.' }),
      pattern: oneOf('fan_out', 'fan_out_fail_fast', 'fan_out_sequential', 'fan_out_sequential_fail_fast', 'round_robin', 'greedy')
        .prefault('fan_out')
        .meta({
          description:
            'To all outputs, at once or in turn, with one that refuses tried again (`fan_out…`) or the batch refused (`…fail_fast`); to one after the other; to one that has room.',
        }),
      outputs: requiredComponents('output').meta({ description: 'The outputs.' }),
      batching: batchingSchema.optional(),
    })
    .meta({ description: 'Writes to several outputs.' }),
  drop_on: z
    .strictObject({
      error: flag().prefault(false).meta({ description: 'Drop what the output refuses.' }),
      error_patterns: z
        .array(text())
        .prefault([])
        .meta({ description: 'Drop what it refuses for a reason that one of these regular expressions matches.' }),
      back_pressure: goDuration().prefault('').meta({
        description:
          'How long a batch may take until it is written; empty: any time. What takes longer counts as refused, and what follows as well until there is room again.',
      }),
      output: requiredComponent('output').meta({ description: 'The output.' }),
    })
    .meta({ description: 'Drops messages that an output does not take.' }),
  fallback: requiredComponents('output').meta({ description: 'Writes to the first of several outputs that takes a message.' }),
  reject_errored: requiredComponent('output').meta({
    description: 'Refuses messages whose processing failed; the others go to an output.',
  }),
  retry: z
    .strictObject({
      max_retries: goInteger({ atLeast: 0 }).prefault(0).meta({ description: 'How often a batch is tried again; `0` is no limit.' }),
      backoff: z
        .strictObject({
          initial_interval: goDuration().prefault('500ms').meta({ description: 'The first pause.' }),
          max_interval: goDuration().prefault('3s').meta({ description: 'The longest pause.' }),
          max_elapsed_time: goDuration().prefault('0s').meta({ description: 'How long a batch is tried again; `0s` is no limit.' }),
        })
        .prefault({})
        .meta({ description: 'The pauses between retries.' }),
      output: requiredComponent('output').meta({ description: 'The output.' }),
    })
    .meta({ description: 'Writes a batch again that an output refuses.' }),
  switch: z
    .strictObject({
      retry_until_success: flag()
        .prefault(false)
        .meta(withoutEffect('refused messages come again from their input; put a `retry` around an output for the other')),
      strict_mode: flag()
        .prefault(false)
        .meta({ description: 'Refuse a batch with a message that matches no case, in place of dropping the message.' }),
      cases: z
        .array(
          z.strictObject({
            check: query().prefault('').meta({ description: 'A Bloblang query; empty matches always.' }),
            output: requiredComponent('output').meta({ description: 'The output of the case.' }),
            continue: flag().prefault(false).meta({ description: 'Look at later cases too.' }),
          }),
        )
        .meta({ description: 'The cases, in their order.' }),
    })
    .meta({ description: 'Writes each message to the output of the first case that it matches.' }),
  cache: z
    .strictObject({
      target: text().meta({ description: 'The label of one of `cache_resources`.' }),
      key: interpolation().prefault('${!count("items")}-${!timestamp_unix_nano()}').meta({ description: 'The key of each message.' }),
      ttl: interpolation().optional().meta({ description: 'How long a message is kept; absent: as the cache has it.' }),
      max_in_flight: goInteger({ atLeast: 1 }).prefault(64).meta({ description: 'Batches written at the same time.' }),
    })
    .meta({ description: 'Writes messages to a cache.' }),
  http_client: z
    .strictObject({
      ...httpClientFields,
      propagate_response: flag().prefault(false).meta({ description: 'Answer whoever sent the messages with the body of the answer.' }),
      multipart: z
        .array(
          z.strictObject({
            content_type: interpolation().prefault('').meta({ description: 'The `Content-Type` of the part.' }),
            content_disposition: interpolation().prefault('').meta({ description: 'The `Content-Disposition` of the part.' }),
            body: interpolation().prefault('').meta({ description: 'The content of the part.' }),
          }),
        )
        .prefault([])
        .meta({ description: 'Parts of which the body of each request is made, instead of the message itself.' }),
      max_in_flight: goInteger({ atLeast: 1 }).prefault(64).meta({ description: 'Batches sent at the same time.' }),
      batching: batchingSchema.optional(),
    })
    .refine((fields) => !(fields.batch_as_multipart && fields.multipart.length > 0), {
      error:
        'both `multipart` and `batch_as_multipart` are set; choose one: the parts of the first message would stand for the whole batch',
    })
    .meta({ description: 'Sends messages over HTTP.' }),
  inproc: text().meta({ description: 'Hands messages to an `inproc` input of the same name.' }),
  sync_response: z.strictObject({}).meta({ description: 'Answers whoever sent the messages, where the input can.' }),
  reject: interpolation().meta({ description: 'Refuses each message; the text is the reason.' }),
  ...awsOutputTypes,
};
