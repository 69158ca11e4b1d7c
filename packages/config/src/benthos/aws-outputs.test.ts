// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import type { ComponentSettings } from '../model/pipeline.ts';
import { load } from './testing/load-text.ts';

const URL = 'https://sqs.eu-west-1.amazonaws.com/1/q';
const sqs = (fields = '', url = URL) => `output: {aws_sqs: {url: ${url}, ${fields}}}\n`;
const s3 = (fields = '') => `output: {aws_s3: {bucket: b, ${fields}}}\n`;

describe('an aws_sqs output', () => {
  it('has the defaults of Benthos, and the region of its queue', () => {
    const { config, texts } = load(sqs());
    expect(texts).toEqual([]);
    expect(config.pipelines[0]!.output).toMatchObject({
      type: 'aws_sqs',
      options: {
        url: URL,
        ...{ message_group_id: { source: '' }, message_deduplication_id: { source: '' }, delay_seconds: { source: '' } },
        ...{ max_in_flight: 64, metadata: { exclude_prefixes: [] }, max_retries: 0 },
        backoff: { initial_interval: 1_000, max_interval: 5_000, max_elapsed_time: 30_000 },
        aws: { region: 'eu-west-1', endpoint: undefined, credentials: { type: 'default' } },
      },
    });
    expect(config.pipelines[0]!.output.options).not.toHaveProperty('credentials');
  });

  it('has a session as other AWS components', () => {
    const { config, texts } = load(sqs('endpoint: "http://localhost:1", credentials: {id: a, secret: b, role: "arn:aws:iam::1:role/r"}'));
    expect(texts).toEqual([]);
    expect(config.pipelines[0]!.output.options).toMatchObject({
      aws: {
        endpoint: 'http://localhost:1',
        credentials: { type: 'static', accessKeyId: 'a' },
        assumeRole: { arn: 'arn:aws:iam::1:role/r' },
      },
    });
  });

  it('is honoured in other outputs, as a resource and behind an aws_kinesis input', () => {
    const { config, texts } = load(`input: {aws_kinesis: {streams: [a]}}
output: {label: out, fallback: [{aws_kinesis: {stream: s, partition_key: k}}, {resource: dead}]}
output_resources: [{label: dead, aws_sqs: {url: "${URL}", batching: {count: 10, processors: [{noop: {}}]}}}]
`);
    expect(texts).toEqual([]);
    const [, dead] = config.outputs[0]!.output.options as ComponentSettings[];
    expect(dead).toMatchObject({
      type: 'resource',
      options: { type: 'aws_sqs', label: 'dead', options: { batching: { count: 10, processors: [{ type: 'noop' }] } } },
    });
  });

  it.each([
    ['output: {aws_sqs: {}}\n', 'error field.missing 1:19 required field `url` is missing in `output.aws_sqs`'],
    [
      sqs('', 'letters'),
      'error field.value 1:25 `url`: expected the URL of a queue, such as `https://sqs.eu-west-1.amazonaws.com/123456789012/letters`, got `letters`',
    ],
    [
      sqs('', '"https://h/${! @queue }"'),
      expect.stringContaining(
        'error field.value 1:25 `url`: expected one queue for all messages (a `switch` output can choose among several), got',
      ),
    ],
    [sqs('delay_seconds: 901'), 'error field.value 1:81 `delay_seconds`: expected a whole number of seconds from 0 to 900'],
    [sqs('max_in_flight: 0'), 'error field.value 1:81 `max_in_flight`: must be at least 1, got 0'],
    [sqs('message_group_id: "${! nope( }"'), expect.stringContaining('error bloblang.invalid 1:')],
    [sqs('queue: x'), expect.stringContaining('error field.unknown 1:66 unknown field `queue` in `output.aws_sqs`')],
    [sqs('endpoint: nowhere'), expect.stringContaining('error field.value 1:19 `endpoint`: expected a URL')],
    [
      sqs('', `${URL}.fifo`),
      'error field.missing 1:19 `message_group_id` is missing: a FIFO queue, whose name ends with `.fifo`, takes no message without it',
    ],
    [
      sqs('message_group_id: a, delay_seconds: 5', `${URL}.fifo`),
      'error field.value 1:107 `delay_seconds`: a FIFO queue has one delay for all messages; remove it, and set that of the queue',
    ],
    [
      sqs('message_deduplication_id: a'),
      'error field.value 1:92 `message_deduplication_id`: only a FIFO queue, whose name ends with `.fifo`, takes it; remove it',
    ],
    [
      sqs('region: us-east-1'),
      'warning module.ineffective 1:19 `region: us-east-1` has no effect: the queue is in `eu-west-1`, which its `url` names',
    ],
  ])('reports a mistake at its place: %s', (text, expected) => {
    expect(load(text).texts[0]).toEqual(expected);
  });
});

describe('an aws_s3 output', () => {
  it('has the defaults of Benthos', () => {
    const { config, texts } = load(s3());
    expect(texts).toEqual([]);
    expect(config.pipelines[0]!.output).toMatchObject({
      type: 'aws_s3',
      options: {
        ...{
          bucket: 'b',
          path: { source: '${!count("files")}-${!timestamp_unix_nano()}.txt' },
          tags: {},
          metadata: { exclude_prefixes: [] },
        },
        ...{
          content_type: { source: 'application/octet-stream' },
          storage_class: { source: 'STANDARD' },
          timeout: 5_000,
          max_in_flight: 64,
        },
        ...{ force_path_style_urls: false, kms_key_id: '', server_side_encryption: '', aws: { region: undefined } },
      },
    });
  });

  it('may choose a storage class by message', () => {
    expect(load(s3('storage_class: "${! @class }"')).texts).toEqual([]);
  });

  it.each([
    ['output: {aws_s3: {bucket: ""}}\n', 'error field.value 1:27 `bucket`: must not be empty'],
    [s3('storage_class: COLD'), expect.stringContaining('error field.value 1:45 `storage_class`: expected one of `STANDARD`, ')],
    [s3('timeout: 0s'), 'error field.value 1:39 `timeout`: must be at least 1 ms, got `0s`'],
    [s3('tags: {a: "${! nope( }"}'), expect.stringContaining('error bloblang.invalid 1:')],
    [s3('checksum_algorithm: CRC32'), expect.stringContaining('error field.unknown 1:30 unknown field `checksum_algorithm`')],
  ])('reports a mistake at its place: %s', (text, expected) => {
    expect(load(text).texts).toEqual([expected]);
  });
});

it.each(['aws_sns', 'aws_kinesis_firehose', 'aws_dynamodb'])('%s stays refused, with the list of what there is', (type) => {
  expect(load(`output: {${type}: {}}\n`).texts).toEqual([
    expect.stringMatching(
      new RegExp(`^error component.unsupported 1:10 Sluice has no output \`${type}\`.*supports .*\`aws_sqs\`, \`aws_s3\``),
    ),
  ]);
});
