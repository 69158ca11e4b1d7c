// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import { defaultReaderSettings } from '../model/reader.ts';
import { load, output } from './testing/load-text.ts';

describe('the aws_kinesis input', () => {
  it('sends everything to the output beside it', () => {
    const { config, texts } = load(`
input:
  label: in
  aws_kinesis:
    streams: ["a, arn:aws:kinesis:eu-west-1:1:stream/b"]
    checkpoint_limit: 5
    commit_period: 2s
    poll_period: 500ms
    start_from_oldest: false
    enhanced_fan_out: {enabled: true, consumer_name: me, max_resubscribe_interval: 5s}
${output('')}`);
    expect(texts).toEqual([]);
    const targets = [{ type: 'egress', egressId: 'output/aws_kinesis', position: { file: 'b.yaml', line: 12, column: 3 } }];
    const streams = { shardIds: undefined, valueType: undefined, targets, position: { file: 'b.yaml', line: 5, column: 15 } };
    const aws = { region: undefined, endpoint: undefined, credentials: { type: 'default' }, assumeRole: undefined, http: {} };
    expect(config.ingresses).toEqual([
      {
        id: 'input/in',
        position: { file: 'b.yaml', line: 4, column: 3 },
        aws,
        start: { type: 'latest' },
        streams: [
          { stream: 'a', ...streams },
          { stream: 'arn:aws:kinesis:eu-west-1:1:stream/b', ...streams, aws: { ...aws, region: 'eu-west-1' } },
        ],
        reader: {
          ...defaultReaderSettings,
          pollIntervalMs: 500,
          checkpointLimit: 5,
          commitPeriodMs: 2_000,
          fanOut: {
            ...{ position: { file: 'b.yaml', line: 10, column: 5 }, consumer: 'me', consumerArns: {} },
            ...{ activationTimeoutMs: 60_000, maxPauseMs: 5_000 },
          },
        },
        onError: 'pass',
        processors: [],
        batching: undefined,
        connectorProperties: {},
      },
    ]);
  });

  it('reads as far ahead as memory allows unless told otherwise', () => {
    const { config } = load(`input: {aws_kinesis: {streams: [a]}}\n${output('')}`);
    expect(config.ingresses[0]?.reader.checkpointLimit).toBeUndefined();
  });

  it('reads single shards', () => {
    const { config } = load(`input: {aws_kinesis: {streams: ["a:0,a:1", "arn:aws:kinesis:eu-west-1:1:stream/b:2"]}}\n${output('')}`);
    expect(config.ingresses[0]?.streams.map(({ stream, shardIds }) => ({ stream, shardIds }))).toEqual([
      { stream: 'a', shardIds: ['0', '1'] },
      { stream: 'arn:aws:kinesis:eu-west-1:1:stream/b', shardIds: ['2'] },
    ]);
  });

  it('reads streams of DynamoDB tables, whose names end in a time', () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders/stream/2026-01-31T12:00:00.000';
    const shardId = 'shardId-00000001796063625368-8ddf7b6b';
    const streamsOf = (streams: string) =>
      load(`input: {aws_kinesis: {streams: ["${streams}"]}}\n${output('')}`).config.ingresses[0]!.streams.map(({ stream, shardIds }) => ({
        stream,
        shardIds,
      }));
    expect(streamsOf(`${arn},a`)).toEqual([
      { stream: arn, shardIds: undefined },
      { stream: 'a', shardIds: undefined },
    ]);
    expect(streamsOf(`${arn}:${shardId},${arn}:${shardId}2`)).toEqual([{ stream: arn, shardIds: [shardId, `${shardId}2`] }]);
  });

  it.each([
    ['an aws_kinesis output', 'output: {processors: [{mapping: root = 3}], aws_kinesis: {stream: s, partition_key: k}}', 'egresses'],
    ['any other output', 'output: {processors: [{mapping: root = 3}], stdout: {}}', 'outputs'],
  ] as const)('has its processors run where its records are written, before all others, with %s', (_, written, kind) => {
    const { config, texts } = load(`
input: {resource: in, processors: [{mapping: root = 1}]}
input_resources: [{label: in, processors: [{mapping: root = 0}], aws_kinesis: {streams: [a]}}]
pipeline: {processors: [{mapping: root = 2}]}
${written}
`);
    expect(texts).toEqual([]);
    const [egress] = config[kind];
    const processors = 'output' in egress! ? egress.output.processors : egress!.processors;
    expect(processors.map(({ options }) => (options as { mapping: { source: string } }).mapping.source)).toEqual(
      [0, 1, 2, 3].map((number) => `root = ${number}`),
    );
    expect(config.ingresses[0]!.processors).toHaveLength(2);
  });

  it.each([
    ['an aws_kinesis output', 'output: {aws_kinesis: {stream: s, partition_key: k}}', 'egresses'],
    ['any other output', 'output: {stdout: {}}', 'outputs'],
  ] as const)('has its batches taken as they are, after the processors of its batching, with %s', (_, written, kind) => {
    const batching = '{count: 3, period: 1s, check: this.end, processors: [{mapping: root = 0}]}';
    const { config, texts } = load(
      `input: {aws_kinesis: {streams: [a], batching: ${batching}}, processors: [{mapping: root = 1}]}\n${written}\n`,
    );
    const [egress] = config[kind];
    const processors = 'output' in egress! ? egress.output.processors : egress!.processors;
    const path = 'root.input.aws_kinesis.batching.processors.0';
    expect([texts, egress!.takesBatches, processors.map((each) => each.path)]).toEqual([[], true, [path, 'root.input.processors.0']]);
    expect(config.ingresses[0]!.batching).toMatchObject({ count: 3, byteSize: 0, periodMs: 1_000, check: { source: 'this.end' } });
  });

  it('is a reason to write even where everything is dropped in the end', () => {
    const targets = (fields: string) =>
      load(`input: {${fields}aws_kinesis: {streams: [a]}}\noutput: {drop: {}}\n`).config.ingresses[0]!.streams[0]!.targets.length;
    expect([targets(''), targets('processors: [{log: {}}], ')]).toEqual([0, 1]);
  });

  it.each([
    [
      'streams: [a, "b:0"]',
      'error field.value 1:32 `streams`: it is not possible to mix whole streams and explicit shards (`stream:shardId`) in one input',
    ],
    ['streams: []', 'error field.value 1:32 `streams`: at least one stream must be named'],
    [
      'streams: [a], dynamodb: {table: t, create: true}',
      'warning section.ignored 1:37 `input.aws_kinesis.dynamodb` has no effect: Sluice keeps leases and checkpoints in Redis (`sluice.redis`), and makes what it needs there',
    ],
    [
      'streams: [a], lease_period: 10s',
      'warning section.ignored 1:37 `input.aws_kinesis.lease_period` has no effect: leases live in Redis; their times are `sluice.lease.ttl` and `sluice.lease.renew`',
    ],
    ['streams: [a], commit_period: 5s, auto_replay_nacks: true'],
    [
      'streams: [a], auto_replay_nacks: false',
      'warning section.ignored 1:37 `input.aws_kinesis.auto_replay_nacks` has no effect: a record that cannot be delivered is kept, never dropped',
    ],
    ['streams: [a], batching: {count: 7, check: this.end}'],
    [
      'streams: [a], batching: {count: 20000}',
      'warning module.ineffective 1:48 a batch of an input leaves with 10000 records or 4194304 bytes, before `count` is reached; larger ones are made by `batching` of the output',
    ],
    [
      'streams: [a], batching: {processors: [{noop: {}}]}',
      'error field.value 1:9 `input.aws_kinesis.batching`: a batch policy must have at least one active trigger: `count`, `byte_size`, `period` or `check`',
    ],
    [
      'streams: [a], region: "${! env() }"',
      'warning bloblang.ineffective 1:45 `input.aws_kinesis.region` has no interpolation: `${! env() }` is taken as it is written',
    ],
    [
      'streams: [a], enhanced_fan_out: {enabled: true}',
      'error field.value 1:55 `enhanced_fan_out`: `consumer_name` is required when `enabled` is true',
    ],
  ])('answers %s', (fields, ...expected) => {
    expect(load(`input: {aws_kinesis: {${fields}}}\n${output('')}`).texts).toEqual(expected);
  });
});
