import { compileConfig, type SluiceConfig } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { unsafeChanges } from './unsafe-changes.ts';

const BENTHOS = `
input: { label: in, aws_kinesis: { streams: [orders], region: eu-west-1 } }
pipeline: { processors: [] }
output: { label: out, aws_kinesis: { stream: copies, partition_key: '\${! key }', batching: { count: 10 } } }
`;
const configOf = (benthos: string, settings = '{}'): SluiceConfig => {
  const texts = [
    { name: 'benthos.yaml', text: benthos },
    { name: 'sluice.yaml', text: `sluice: ${settings}` },
  ];
  const { config, problems } = compileConfig(texts, { env: {} });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return config;
};
const before = configOf(BENTHOS);
const changesTo = (settings: string, benthos = BENTHOS) => unsafeChanges(before, configOf(benthos, settings));

describe('unsafeChanges', () => {
  it.each([
    ['redis: { url: "redis://elsewhere:6379" }', ['`sluice.redis.url`']],
    ['redis: { prefix: other }', ['`sluice.redis.prefix`']],
    ['redis: { password: hunter2 }', ['`sluice.redis.password`']],
    [
      'redis: { tls: { skip_verify: true }, sentinel: { master: m, nodes: ["s:26379"] } }',
      ['`sluice.redis.tls.skip_verify`', '`sluice.redis.sentinel`'],
    ],
    ['redis: { connect_timeout: 1s, allow_volatile: true }', ['`sluice.redis.connect_timeout`', '`sluice.redis.allow_volatile`']],
    ['host: 0.0.0.0', ['`sluice.host`']],
    ['ports: { board: 1, egress_worker: 2 }', ['`sluice.ports.board`', '`sluice.ports.egress_worker`']],
    ['lanes: 4', ['`sluice.lanes`', 'the lanes of egress `output/out` (16 → 4)']],
    ['ordering: shard', ['the ordering of egress `output/out` (key → shard)']],
    ['egresses: { output/out: { lanes: 32 } }', ['the lanes of egress `output/out` (16 → 32)']],
  ])('names %s', (settings, expected) => {
    expect(changesTo(`{ ${settings} }`)).toEqual(expected);
  });

  it.each([
    'ordering: strict',
    'aggregation: "on"',
    'backpressure: { high_water_bytes: 2GiB }',
    'lease: { ttl: 9s }',
    'log: { level: debug, format: json }',
    'shutdown: { delay: 1s, timeout: 9s }',
    'functions: { max_in_flight: 3 }',
    'http_ingress: { port: 1 }',
    'watcher: true',
    'board: { read_only: true }',
    'egresses: { output/out: { ordering: none } }',
  ])('lets %s pass', (settings) => {
    expect(changesTo(`{ ${settings} }`)).toEqual([]);
  });

  it('lets the parts of the pipeline change, come and go', () => {
    expect(
      changesTo('{}', BENTHOS.replace('count: 10', 'count: 20').replace('processors: []', "processors: [mapping: 'root = this']")),
    ).toEqual([]);
    expect(changesTo('{}', BENTHOS.replace('copies', 'others'))).toEqual([]);
    expect(changesTo('{ egresses: { output/new: { lanes: 3 } } }', BENTHOS.replace('label: out', 'label: new'))).toEqual([]);
    expect(changesTo('{}', BENTHOS.replace('[orders]', '[orders, payments]'))).toEqual([]);
    expect(changesTo('{}', BENTHOS.replace('[orders]', '[payments]'))).toEqual([]);
  });

  it('names an ingress or a stream that would lose its checkpoints', () => {
    expect(changesTo('{}', BENTHOS.replace('label: in', 'label: other'))).toEqual([
      'the ingress or the name of a stream that has checkpoints (`input/in/orders` → `input/other/orders`)',
    ]);
    const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders';
    expect(changesTo('{}', BENTHOS.replace('[orders]', `["${arn}"]`))).toEqual([
      `the ingress or the name of a stream that has checkpoints (\`input/in/orders\` → \`input/in/${arn}\`)`,
    ]);
    expect(changesTo('{}', BENTHOS.replace('eu-west-1', 'eu-north-1'))).toEqual(['the region or the endpoint of ingress `input/in`']);
  });
});
