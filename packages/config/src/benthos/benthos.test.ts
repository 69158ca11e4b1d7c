// biome-ignore-all lint/suspicious/noTemplateCurlyInString: interpolated strings are what a Benthos file holds
import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { defaultWriterSettings } from '../model/egress.ts';
import { defaultReaderSettings } from '../model/reader.ts';
import { Secret } from '../model/secret.ts';

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
        aggregation: { enabled: false, maxCount: 4_294_967_295, maxBytes: 51_200 },
        maxInFlight: 64,
        maxOutstandingRecords: undefined,
        batching: undefined,
        retry: { initialIntervalMs: 1_000, maxIntervalMs: 5_000, maxElapsedMs: 30_000, maxRetries: 0 },
        writer: defaultWriterSettings,
        processors: [],
        refusesFailedRecords: false,
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
    ['backoff: {max_interval: -1s}', 'error field.value 5:29 `max_interval`: must be at least 0 ms, got `-1s`'],
    [
      'endpoint: localhost:4567',
      'error field.value 2:3 `endpoint`: expected a URL such as `https://host:port` or `http://host:port`, got `localhost:4567`',
    ],
    ['credentials: {id: a}', 'error field.missing 2:3 `credentials.secret` is missing: `credentials.id` alone is no access key'],
    ['stream: again', 'error yaml.duplicate-key 5:5 field `stream` was already set at line 3'],
  ])('answers %s', (field, expected) => {
    expect(load(output(field)).texts).toEqual([expected]);
  });

  it('names what is missing', () => {
    expect(load('output:\n  aws_kinesis: {stream: a}\n').texts).toEqual([
      'error field.missing 2:16 required field `partition_key` is missing in `output.aws_kinesis`',
    ]);
  });
});

describe('the aws_kinesis input', () => {
  it('sends everything to the output beside it', () => {
    const { config, texts } = load(`
input:
  label: in
  aws_kinesis:
    streams: ["a, arn:aws:kinesis:eu-west-1:1:stream/b"]
    checkpoint_limit: 5
    poll_period: 500ms
    start_from_oldest: false
    enhanced_fan_out: {enabled: true, consumer_name: me}
${output('')}`);
    expect(texts).toEqual([]);
    const targets = [{ type: 'egress', egressId: 'output/aws_kinesis', position: { file: 'b.yaml', line: 11, column: 3 } }];
    const streams = { shardIds: undefined, valueType: undefined, targets, position: { file: 'b.yaml', line: 5, column: 15 } };
    expect(config.ingresses).toEqual([
      {
        id: 'input/in',
        position: { file: 'b.yaml', line: 4, column: 3 },
        aws: { region: undefined, endpoint: undefined, credentials: { type: 'default' }, assumeRole: undefined, http: {} },
        start: { type: 'latest' },
        streams: [
          { stream: 'a', ...streams },
          { stream: 'arn:aws:kinesis:eu-west-1:1:stream/b', ...streams },
        ],
        reader: {
          ...defaultReaderSettings,
          pollIntervalMs: 500,
          checkpointLimit: 5,
          fanOut: { position: { file: 'b.yaml', line: 9, column: 5 } },
        },
        processors: [],
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
    [
      'streams: [a], commit_period: 1s',
      'warning section.ignored 1:37 `input.aws_kinesis.commit_period` has no effect: a checkpoint is written with every batch that is enqueued',
    ],
    ['streams: [a], commit_period: 5s, auto_replay_nacks: true'],
    [
      'streams: [a], auto_replay_nacks: false',
      'warning section.ignored 1:37 `input.aws_kinesis.auto_replay_nacks` has no effect: a record that cannot be delivered is kept, never dropped',
    ],
    [
      'streams: [a], batching: {count: 7}',
      'warning section.ignored 1:37 `input.aws_kinesis.batching` has no effect: records are enqueued as they are read; batch them with `batching` of the output',
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

describe('components', () => {
  it('are found among resources by their labels', () => {
    const { config, texts } = load(`
input: {resource: src, processors: [{resource: clean}]}
output: {resource: dst}
input_resources: [{label: src, aws_kinesis: {streams: [a]}}]
output_resources: [{label: dst, aws_kinesis: {stream: b, partition_key: k}}, {label: other, aws_kinesis: {stream: c, partition_key: k}}]
processor_resources: [{label: clean, mapping: root = this}]
`);
    expect(texts).toEqual([]);
    expect(config.egresses.map(({ id }) => id)).toEqual(['output/dst', 'output/other']);
    expect(
      config.ingresses.map(({ id, processors }) => ({ id, processors: processors.map(({ type, label }) => `${type} ${label}`) })),
    ).toEqual([{ id: 'input/src', processors: ['mapping clean'] }]);
    expect(config.ingresses[0]?.streams[0]?.targets).toMatchObject([{ type: 'egress', egressId: 'output/dst' }]);
  });

  it('that Sluice does not have are reported where they are defined, not where they are referred to', () => {
    const { texts } = load(`input: {resource: r}\ninput_resources: [{label: r, stdin: {}}]\n${output('')}`);
    expect(texts).toEqual([expect.stringContaining('warning component.unsupported 2:30 Sluice does not read the input `stdin`')]);
  });

  it('are named by `type` too', () => {
    expect(load('output: {type: aws_kinesis, plugin: {stream: a, partition_key: k}}\n').config.egresses[0]?.stream).toEqual({
      type: 'fixed',
      stream: 'a',
    });
  });

  it.each([
    [
      'output: {kafka: {}}',
      'error component.unsupported 1:10 Sluice has no output `kafka`; it supports `aws_kinesis`, `resource` (a label of `output_resources`)',
    ],
    [
      'output: {aws_kinessis: {}}',
      'error component.unsupported 1:10 Sluice has no output `aws_kinessis`; did you mean `aws_kinesis`?; it supports `aws_kinesis`, `resource` (a label of `output_resources`)',
    ],
    ['output: {}', 'error component.unknown 1:9 an output type must be named; supported: `aws_kinesis`, `resource`'],
    ['output: [1]', 'error field.type 1:9 `output`: expected an object, got a list'],
    ['output: {resource: nope}', 'error target.unresolved 1:20 no output resource is labelled `nope`; there is none'],
    [
      'output: {kinesis: {stream: a}}',
      'error component.unsupported 1:10 `kinesis` is an old name: rename the output to `aws_kinesis`, and check its fields against docs/configuration/benthos.md',
    ],
    [
      `input: {kinesis_balanced: {stream: a}}\n${output('')}`,
      'error component.unsupported 1:9 `kinesis_balanced` is an old name: rename the input to `aws_kinesis`, and check its fields against docs/configuration/benthos.md',
    ],
    [
      `input: {generate: {}}\n${output('')}`,
      'warning component.unsupported 1:9 Sluice does not read the input `generate`: other programs must put the records on the output (`sluice run --egress-only`); supported inputs: `aws_kinesis`, `resource`',
    ],
    [
      `output: {label: A, aws_kinesis: {stream: a, partition_key: k}}`,
      'error label.invalid 1:17 invalid label `A`: it should match /^[a-z0-9_\\-]+$/ and must not start with an underscore or a dash',
    ],
    [
      `output: {aws_kinesis: {stream: a, partition_key: k}, lable: x}`,
      'error field.unknown 1:54 unknown field `lable`: it is invalid when the component type is `aws_kinesis` (output); did you mean `label`?',
    ],
    [
      `pipeline: {processors: [{maping: x}]}\n${output('')}`,
      expect.stringContaining('Sluice has no processor `maping`; did you mean `mapping`?; it supports `mapping`, `bloblang`'),
    ],
    [
      `pipeline: {processors: [{resource: r}]}\nprocessor_resources: [{label: r, resource: r}]\n${output('')}`,
      expect.stringContaining('processor resource `r` refers to itself'),
    ],
    [
      `pipeline: {processors: [{label: x, noop: {}}, {label: x, noop: {}}]}\n${output('')}`,
      'error label.duplicate 1:55 label `x` collides with a previously defined label at line 1',
    ],
    [
      `pipeline: {processors: [{switch: [{check: this.a == 1}]}]}\n${output('')}`,
      'error field.missing 1:34 `pipeline.processors.0.switch.0`: a case needs `processors`; for none write `[noop: {}]`',
    ],
    [
      `pipeline: {processors: [{mapping: ""}]}\n${output('')}`,
      'error bloblang.invalid 1:35 `pipeline.processors.0.mapping`: must not be empty; write a mapping, or `noop: {}`',
    ],
    [
      `cache_resources: [{label: c}]\n${output('')}`,
      'warning section.ignored 1:1 `cache_resources` is ignored: nothing that Sluice supports uses a cache',
    ],
    [
      `metrics: {statsd: {}}\n${output('')}`,
      'warning section.ignored 1:1 `metrics` of kind `statsd` is ignored: the workers serve Prometheus metrics',
    ],
    [`http: {debug_endpoints: true}\n${output('')}`, 'warning section.ignored 1:8 `http.debug_endpoints` has no effect: there are none'],
    [`shutdown_timout: 1s\n${output('')}`, 'error field.unknown 1:1 unknown field `shutdown_timout`; did you mean `shutdown_timeout`?'],
  ])('%s', (text, expected) => {
    expect(load(text).texts).toContainEqual(expected);
  });

  it('what stands around them sets the process up, below the settings of Sluice', () => {
    const text = `http: {address: "0.0.0.0:1234"}\nlogger: {level: TRACE, format: json}\nshutdown_delay: 2s\nshutdown_timeout: 30s\n${output('')}---\nsluice: {host: 127.0.0.9}\n`;
    const { host, ports, log, shutdown } = load(text).config.settings;
    expect({ host, port: ports.egressWorker, log, shutdown }).toEqual({
      host: '127.0.0.9',
      port: 1234,
      log: { level: 'debug', format: 'json' },
      shutdown: { delayMs: 2_000, timeoutMs: 30_000 },
    });
  });
});

describe('lints', () => {
  const text = `${output('max_in_flite: 1')}  label: _x\n`;

  it('are warnings under --chilled', () => {
    const { problems, config } = load(text, { chilled: true });
    expect([problems.map(({ severity }) => severity), config.egresses.length]).toEqual([['warning', 'warning'], 1]);
  });

  it('are silent in a file that asks for it, which still has its errors', () => {
    expect(load(`# BENTHOS LINT DISABLE\n${text}`).texts).toEqual([]);
    expect(load(`# BENTHOS LINT DISABLE\n${output('max_in_flight: 0')}`).texts).toHaveLength(1);
  });
});

describe('-s path=value', () => {
  it.each([
    ['output.aws_kinesis.stream=other', { type: 'fixed', stream: 'other' }],
    ['output.aws_kinesis={stream: x, partition_key: y}', { type: 'fixed', stream: 'x' }],
  ])('%s', (override, stream) => {
    const { config, texts } = load(output(''), { overrides: [override] });
    expect([config.egresses[0]?.stream, texts]).toEqual([stream, []]);
  });

  it('makes what is on the way, and appends to a list', () => {
    const { config, texts } = load(output(''), {
      overrides: [
        'output.aws_kinesis.batching.count=5',
        'pipeline.processors={}',
        'pipeline.processors=[]',
        'pipeline.processors.-={noop: {}}',
      ],
    });
    expect([config.egresses[0]?.batching?.count, config.egresses[0]?.processors.length, texts]).toEqual([5, 1, []]);
  });

  it.each([
    ['nonsense', 'error override.invalid 1:1 expected `path=value`, for example `output.aws_kinesis.stream=orders`'],
    ['output.aws_kinesis.strem=x', 'error field.unknown 1:1 unknown field `strem` in `output.aws_kinesis`; did you mean `stream`?'],
    ['output.aws_kinesis.max_in_flight=x', 'error field.value 1:34 `max_in_flight`: expected an integer, got `x`'],
    ['sluice=3', 'error override.invalid 1:1 `sluice` takes an object; name one of its fields, for example `sluice.lanes=8`'],
  ])('is refused where it is wrong: %s', (override, expected) => {
    expect(load(output(''), { overrides: [override] }).texts).toEqual([expected]);
  });
});

/** A valid output with one more field of `aws_kinesis`, on line 5. */
const output = (field: string) => `output:\n  aws_kinesis:\n    stream: out\n    partition_key: k\n${field === '' ? '' : `    ${field}\n`}`;

function load(text: string, options: { chilled?: boolean; overrides?: readonly string[] } = {}) {
  const { config, problems } = compileConfig([{ name: 'b.yaml', text }], { env: {}, ...options });
  return {
    config,
    problems,
    texts: problems.map(({ severity, code, line, column, message }) => `${severity} ${code} ${line}:${column} ${message}`),
  };
}
