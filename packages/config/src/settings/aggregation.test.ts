import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';

const MODULE = `kind: io.statefun.kinesis.v1/egress
spec: {id: a/b, awsRegion: {type: specific, id: eu-west-1}, clientConfigProperties: [{AggregationMaxCount: 70}, {RecordMaxBufferedTime: 50}]}
`;
const BENTHOS = 'output: {label: out, aws_kinesis: {stream: s, partition_key: k}}\n';
const PIPELINE = 'input: {stdin: {}}\noutput: {label: out, aws_kinesis: {stream: s, partition_key: k}}\n';
const BATCHING = 'output: {label: out, aws_kinesis: {stream: s, partition_key: k, batching: {count: 10}}}\n';

describe('aggregation', () => {
  it.each([
    ['', { enabled: true, by: 'key', maxCount: 70, maxBytes: 51_200 }, 50],
    ['aggregation: shard', { enabled: true, by: 'shard', maxCount: 70, maxBytes: 51_200 }, 50],
    ['aggregation: shard, egresses: {a/b: {aggregation: on}}', { enabled: true, by: 'key', maxCount: 70, maxBytes: 51_200 }, 50],
    [
      'aggregate: {max_count: 5, max_bytes: 1KiB, max_wait: 1s}, egresses: {a/b: {aggregate: {max_count: 6}}}',
      { enabled: true, by: 'key', maxCount: 6, maxBytes: 1_024 },
      1_000,
    ],
  ])('of a module.yaml egress is as its producer has it, with the settings over it: %s', (settings, aggregation, waitMs) => {
    const { config, errors } = load(MODULE, settings);
    expect([errors, config.egresses[0]!.aggregation, config.egresses[0]!.writer.maxBufferedMs]).toEqual([[], aggregation, waitMs]);
  });

  it.each([
    ['', false, undefined],
    ['aggregation: shard, aggregate: {max_wait: 200ms}', true, 200],
    ['egresses: {output/out: {aggregation: shard, aggregate: {max_wait: 200ms}}}', true, 200],
  ])('of a Benthos output is off unless it is set, and nothing waits unless that is said: %s', (settings, enabled, waitMs) => {
    const { config, errors } = load(BENTHOS, settings);
    const { aggregation, writer } = config.egresses[0]!;
    expect([errors, aggregation.enabled, writer.maxBufferedMs]).toEqual([[], enabled, waitMs]);
  });

  it.each([
    [BENTHOS, 'aggregate: {max_count: 5}', '`sluice.aggregate`: no egress aggregates; set `sluice.aggregation` to `on` or `shard`'],
    [
      BENTHOS,
      'egresses: {output/out: {aggregate: {max_count: 5}}}',
      '`sluice.egresses."output/out".aggregate`: the egress does not aggregate; set its `aggregation` to `on` or `shard`',
    ],
    [PIPELINE, 'aggregate: {max_count: 5}', '`sluice.aggregate`: no egress aggregates; set `sluice.aggregation` to `on` or `shard`'],
    [
      PIPELINE,
      'aggregation: on, egresses: {output/out: {aggregation: off, aggregate: {max_count: 5}}}',
      '`sluice.egresses."output/out".aggregate`: the egress does not aggregate; set its `aggregation` to `on` or `shard`',
    ],
    [
      BATCHING,
      'aggregation: on, aggregate: {max_wait: 1s}',
      '`max_wait` of `sluice.aggregate`: how long records of egress `output/out` wait is said by its `batching`; leave one of the two out',
    ],
  ])('refuses limits without effect: %s %s', (file, settings, message) => {
    expect(load(file, settings).errors).toEqual([message]);
  });
  it.each([
    'aggregation: shard, aggregate: {max_count: 5}',
    'egresses: {output/out: {aggregation: on, aggregate: {max_count: 5}}}',
    'aggregate: {max_count: 5}, egresses: {output/out: {aggregation: on}}',
  ])('lets a pipeline in one process have limits where it aggregates: %s', (settings) => {
    expect(load(PIPELINE, settings).errors).toEqual([]);
  });
});

function load(text: string, settings: string) {
  const files = [
    { name: 'egress.yaml', text },
    { name: 'sluice.yaml', text: `sluice: {${settings}}` },
  ];
  const { config, problems } = compileConfig(files, { env: {} });
  return { config, errors: problems.flatMap(({ severity, message }) => (severity === 'error' ? [message] : [])) };
}
