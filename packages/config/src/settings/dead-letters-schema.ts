import { z } from 'zod';
import { sessionFields } from '../benthos/schema/session.ts';
import { byteSize, duration, flag, optionalStream, optionalText } from '../schema/leaf.ts';

const { region, credentials } = sessionFields;

const output = z
  .strictObject({
    file: optionalText()
      .optional()
      .meta({
        description: 'File that lines are appended to, on the machine of the worker that sends them. Its folder must exist.',
        examples: ['/var/lib/sluice/dead-letters.jsonl'],
      }),
    stream: optionalStream().optional().meta({ description: 'Name or ARN of a Kinesis stream. Each letter is a record.' }),
    sqs: optionalText()
      .optional()
      .meta({
        description: 'URL of an SQS queue. Each letter is a message.',
        examples: ['https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters'],
      }),
    s3: z
      .strictObject({
        bucket: optionalText().optional().meta({ description: 'Name of the bucket.' }),
        prefix: optionalText()
          .prefault('dead-letters/')
          .meta({ description: 'What the names of the objects begin with; the day follows.' }),
        force_path_style_urls: flag()
          .prefault(false)
          .meta({ description: 'Put the bucket into the path of the URL, as servers other than AWS may need it.' }),
      })
      .prefault({})
      .meta({ description: 'An S3 bucket. Letters that are sent together are an object of lines.' }),
    region,
    endpoint: optionalText()
      .optional()
      .meta({
        description: 'A custom endpoint for the stream, the queue or the bucket, plain http included.',
        examples: ['http://localhost:4566'],
      }),
    credentials,
  })
  .refine(({ file, stream, sqs, s3 }) => [file, stream, sqs, s3.bucket].filter((place) => place !== undefined).length <= 1, {
    error: 'has more than one output: set one of `file`, `stream`, `sqs` and `s3.bucket`',
  })
  .prefault({})
  .meta({
    description:
      'Where dead letters are sent: one of `file`, `stream`, `sqs` and `s3`. They leave Redis once it has confirmed them. Without an output they stay in Redis until an operator redrives or removes them.',
  });

export const deadLettersSchema = z
  .strictObject({
    output,
    max_age: duration()
      .prefault('0s')
      .meta({
        description:
          'Age of the oldest dead letter of a target in Redis at which the target is paused; `0s` sets no limit. At half of it Sluice warns.',
        examples: ['168h'],
      }),
    max_bytes: byteSize()
      .prefault(0)
      .meta({
        description:
          'Bytes of Redis that the dead letters of a target may take before the target is paused; `0` sets no limit. At half of it Sluice warns.',
        examples: ['1GiB'],
      }),
  })
  .prefault({})
  .meta({ description: 'Records that can never succeed.' });

export type DeadLettersFields = z.output<typeof deadLettersSchema>;
