// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import { defaultWriterSettings } from '../model/egress.ts';
import { Secret } from '../model/secret.ts';
import { load, output } from './testing/load-text.ts';

describe('the aws_kinesis output', () => {
  it('has the defaults of Benthos', () => {
    const { config, texts } = load('output:\n  aws_kinesis:\n    stream: out\n    partition_key: ${! json("id") }\n');
    expect(texts).toEqual([]);
    expect(config.egresses).toEqual([
      {
        id: 'output/aws_kinesis',
        position: { file: 'b.yaml', line: 2, column: 3 },
        aws: { region: undefined, endpoint: undefined, credentials: { type: 'default' }, assumeRole: undefined, http: {} },
        stream: { type: 'fixed', stream: 'out' },
        partitionKey: { type: 'template', template: { source: '${! json("id") }', position: { file: 'b.yaml', line: 4, column: 20 } } },
        hashKey: { type: 'none' },
        ordering: 'key',
        lanes: 16,
        aggregation: { enabled: false, by: 'key', maxCount: 4_294_967_295, maxBytes: 51_200 },
        maxInFlight: 64,
        maxOutstandingRecords: undefined,
        batching: undefined,
        retry: { initialIntervalMs: 1_000, maxIntervalMs: 5_000, maxElapsedMs: 30_000, maxRetries: 0 },
        writer: defaultWriterSettings,
        processors: [],
        refusesFailedRecords: false,
        takesBatches: false,
        resources: { caches: [], rateLimits: [] },
        connectorProperties: {},
      },
    ]);
  });

  it('takes every field', () => {
    const { config, texts } = load(`
pipeline: {processors: [{label: first, mapping: root = this}]}
error_handling: {strict: true}
output:
  label: orders
  processors: [{compress: {algorithm: gzip}}]
  aws_kinesis:
    stream: arn:aws:kinesis:eu-west-1:1:stream/out
    partition_key: a
    hash_key: \${! metadata("h") }
    max_in_flight: 2
    batching: {count: 10, byte_size: 1_000, period: 1m30s, check: this.end, processors: [{archive: {format: lines}}]}
    region: eu-west-1
    endpoint: http://localhost:4567
    credentials: {id: a, secret: b, token: c, role: "arn:aws:iam::1:role/r", role_external_id: x}
    max_retries: 3
    backoff: {initial_interval: 100ms, max_interval: 1s, max_elapsed_time: ""}
`);
    expect(texts).toEqual([]);
    const [egress] = config.egresses;
    expect(egress).toMatchObject({
      id: 'output/orders',
      aws: {
        region: 'eu-west-1',
        endpoint: 'http://localhost:4567',
        credentials: { type: 'static', accessKeyId: 'a', secretAccessKey: new Secret('b'), sessionToken: new Secret('c') },
        assumeRole: { arn: 'arn:aws:iam::1:role/r', externalId: 'x' },
      },
      stream: { type: 'fixed', stream: 'arn:aws:kinesis:eu-west-1:1:stream/out' },
      hashKey: { type: 'template', template: { source: '${! metadata("h") }' } },
      maxInFlight: 2,
      batching: { count: 10, byteSize: 1000, periodMs: 90_000, check: { source: 'this.end' } },
      retry: { initialIntervalMs: 100, maxIntervalMs: 1_000, maxElapsedMs: 0, maxRetries: 3 },
      refusesFailedRecords: true,
    });
    const { credentials } = egress!.aws;
    expect(credentials.type === 'static' && [credentials.secretAccessKey.reveal(), credentials.sessionToken?.reveal()]).toEqual(['b', 'c']);
    expect(egress?.processors.map(({ type, label, path, options }) => ({ type, label, path, options }))).toEqual([
      {
        type: 'mapping',
        label: 'first',
        path: 'root.pipeline.processors.0',
        options: { mapping: { source: 'root = this', position: { file: 'b.yaml', line: 2, column: 49 } } },
      },
      { type: 'compress', label: undefined, path: 'root.output.processors.0', options: { algorithm: 'gzip', level: -1 } },
    ]);
    expect(egress?.batching?.processors.map(({ type, path }) => `${type} ${path}`)).toEqual([
      'archive root.output.aws_kinesis.batching.processors.0',
    ]);
  });

  it.each([
    ['profile: p, id: a, secret: b', { type: 'profile', name: 'p', path: undefined }, undefined],
    ['profile: p, from_ec2_role: true, role: r', { type: 'ec2-role' }, undefined],
    ['role: r', { type: 'default' }, { arn: 'r', externalId: undefined }],
  ])('chooses credentials as Benthos does: %s', (credentials, expected, assumeRole) => {
    const { config } = load(output(`credentials: {${credentials}}`));
    expect([config.egresses[0]?.aws.credentials, config.egresses[0]?.aws.assumeRole]).toEqual([expected, assumeRole]);
  });

  it.each([
    ['batching: {count: 1}', undefined],
    ['batching: {}', undefined],
    ['batching: {count: 2}', { count: 2, byteSize: 0, periodMs: 0, check: undefined, processors: [] }],
  ])('%s', (field, expected) => {
    const { config, texts } = load(output(field));
    expect([config.egresses[0]?.batching, texts]).toEqual([expected, []]);
  });

  it.each([
    ['region: mars', 'warning field.value 2:3 `region`: `mars` does not look like an AWS region such as `eu-west-1`'],
    [
      'credentials: {role: reader}',
      'warning field.value 2:3 `credentials.role`: expected the ARN of a role, such as `arn:aws:iam::123456789012:role/reader`, got `reader`; AWS will refuse to assume it',
    ],
    ['max_in_flite: 1', 'error field.unknown 5:5 unknown field `max_in_flite` in `output.aws_kinesis`; did you mean `max_in_flight`?'],
    ['max_in_flight: 0', 'error field.value 5:20 `max_in_flight`: must be at least 1, got 0'],
    ['max_in_flight: [1]', 'error field.type 5:20 `max_in_flight`: expected an integer, got a list'],
    ['max_in_flight: "1"', 'error field.value 5:20 `max_in_flight`: expected an integer, got the text "1"; remove the quotes'],
    ['batching:', 'error field.type 5:14 `batching`: expected an object, got nothing'],
    [
      'batching: {processors: [{noop: {}}]}',
      'error field.value 2:3 `output.aws_kinesis.batching`: a batch policy must have at least one active trigger: `count`, `byte_size`, `period` or `check`',
    ],
    [
      'batching: {check: "true"}',
      'warning module.ineffective 2:3 `output.aws_kinesis.batching`: with `check` alone a batch may wait forever; set `period` too',
    ],
    ['batching: {period: 100}', 'error field.value 5:24 `period`: invalid duration `100`: the unit is missing; write `100ms` or `100s`'],
    [
      'batching: {check: this., period: 1s}',
      'error bloblang.invalid 5:28 `output.aws_kinesis.batching.check`: bad Bloblang: required: expected method or field path',
    ],
    [
      'endpoint: localhost:4567',
      'error field.value 2:3 `endpoint`: expected a URL such as `https://host:port` or `http://host:port`, got `localhost:4567`',
    ],
    ['credentials: {id: a}', 'error field.missing 2:3 `credentials.secret` is missing: `credentials.id` alone is no access key'],
    ['stream: again', 'warning yaml.duplicate-key 5:5 field `stream` was already set at line 3; the last one counts'],
  ])('answers %s', (field, expected) => {
    expect(load(output(field)).texts).toEqual([expected]);
  });

  it.each([
    ['max_retries: -1', { maxRetries: 0 }],
    ['max_retries: 2.9', { maxRetries: 2 }],
    ['max_retries: !!int "3"', { maxRetries: 3 }],
    ['backoff: {initial_interval: -1s}', { initialIntervalMs: 0 }],
  ])('reads %s as Benthos does', (field, retry) => {
    const { config, texts } = load(output(field));
    expect({ texts, retry: config.egresses[0]?.retry }).toEqual({ texts: [], retry: expect.objectContaining(retry) });
  });

  it('takes the last of two equal keys', () => {
    expect(load(output('stream: again')).config.egresses[0]?.stream).toEqual({ type: 'fixed', stream: 'again' });
  });

  it('warns of a stream that Kinesis cannot have, which the original runs with', () => {
    expect(load('output:\n  aws_kinesis: {stream: my stream, partition_key: k}\n').texts).toEqual([
      'warning field.value 2:3 output `aws_kinesis` writes to `my stream`, which Kinesis refuses; expected the name of a stream (up to 128 letters, digits, `_`, `.` and `-`) or its ARN',
    ]);
  });

  it('names what is missing', () => {
    expect(load('output:\n  aws_kinesis: {stream: a}\n').texts).toEqual([
      'error field.missing 2:16 required field `partition_key` is missing in `output.aws_kinesis`',
    ]);
  });
});
