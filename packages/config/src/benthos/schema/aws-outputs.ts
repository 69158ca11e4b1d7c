import { z } from 'zod';
import { duration, flag, goInteger, interpolation, queueUrl, requiredText, text } from '../../schema/leaf.ts';
import { batchingSchema } from './batching.ts';
import { retryFields } from './retry-fields.ts';
import { sessionFields } from './session.ts';

const STORAGE_CLASSES = ['STANDARD', 'REDUCED_REDUNDANCY', 'GLACIER', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'DEEP_ARCHIVE'];
const CLASS_NAMES = STORAGE_CLASSES.map((name) => `\`${name}\``).join(', ');

const MAX_DELAY_SECONDS = 900;

const metadata = (description: string) =>
  z
    .strictObject({ exclude_prefixes: z.array(text()).prefault([]).meta({ description: 'Beginnings of names that are left out.' }) })
    .prefault({})
    .meta({ description });

const optional = (description: string) => interpolation().prefault('').meta({ description });

const maxInFlight = goInteger({ min: 1 }).prefault(64).meta({ description: 'Batches sent at the same time.' });

const endpoint = (what: string) =>
  text()
    .prefault('')
    .meta({
      description: `A custom endpoint for ${what} and for the assumed role, plain http included.`,
      examples: ['http://localhost:4566'],
    });

/** Outputs to services of AWS other than Kinesis, by name, with their fields. */
export const awsOutputTypes = {
  aws_sqs: z
    .strictObject({
      url: queueUrl().meta({
        description: 'The URL of the queue. Without a `region` its region is that of the queue.',
        examples: ['https://sqs.eu-west-1.amazonaws.com/123456789012/letters'],
      }),
      message_group_id: optional('The group of each message, which keeps its order; required where the queue is FIFO. Empty: none.'),
      message_deduplication_id: optional('What a FIFO queue knows a message by that comes again. Empty: none.'),
      delay_seconds: interpolation()
        .refine(({ source }) => source === '' || source.includes('${!') || (/^\d+$/.test(source) && Number(source) <= MAX_DELAY_SECONDS), {
          error: `expected a whole number of seconds from 0 to ${MAX_DELAY_SECONDS}`,
        })
        .prefault('')
        .meta({ description: 'Seconds for which nobody can receive a message, 0 to 900. Empty or 0: as the queue has it.' }),
      max_in_flight: maxInFlight,
      metadata: metadata('Which metadata is sent as attributes: of what is left, the first ten names that SQS takes.'),
      batching: batchingSchema.optional(),
      ...sessionFields,
      endpoint: endpoint('SQS'),
      ...retryFields('a batch', 'what is left of it fails'),
    })
    .meta({ description: 'Sends messages to an SQS queue.' }),
  aws_s3: z
    .strictObject({
      bucket: requiredText().meta({ description: 'Name of the bucket.' }),
      path: interpolation()
        .prefault('${!count("files")}-${!timestamp_unix_nano()}.txt')
        .meta({ description: 'The key of each object.', examples: ['${! @kinesis_partition_key }/${! uuid_v4() }.json'] }),
      tags: z.record(z.string(), interpolation()).prefault({}).meta({ description: 'Tags of each object.' }),
      content_type: interpolation().prefault('application/octet-stream').meta({ description: 'Its `Content-Type`.' }),
      content_encoding: optional('Its `Content-Encoding`; empty: none.'),
      cache_control: optional('Its `Cache-Control`; empty: none.'),
      content_disposition: optional('Its `Content-Disposition`; empty: none.'),
      content_language: optional('Its `Content-Language`; empty: none.'),
      website_redirect_location: optional('Where a website of the bucket redirects requests for it to; empty: nowhere.'),
      metadata: metadata('Which metadata is stored with each object.'),
      storage_class: interpolation()
        .refine(({ source }) => source.includes('${!') || STORAGE_CLASSES.includes(source), { error: `expected one of ${CLASS_NAMES}` })
        .prefault('STANDARD')
        .meta({ description: `Its storage class: ${CLASS_NAMES}.` }),
      kms_key_id: text()
        .prefault('')
        .meta({ description: 'The KMS key that it is encrypted with, by `aws:kms` unless the next field says otherwise.' }),
      server_side_encryption: text()
        .prefault('')
        .meta({ description: 'How it is encrypted; empty: as the bucket has it.', examples: ['AES256', 'aws:kms'] }),
      force_path_style_urls: flag()
        .prefault(false)
        .meta({ description: 'Put the bucket into the path of the URL, as servers other than AWS may need it.' }),
      max_in_flight: maxInFlight,
      timeout: duration({ min: 1 })
        .prefault('5s')
        .meta({ description: 'How long it may take until an object is stored, retries included.' }),
      batching: batchingSchema.optional(),
      ...sessionFields,
      endpoint: endpoint('S3'),
    })
    .meta({ description: 'Stores each message as an object in an S3 bucket.' }),
};
