import { describe, expect, it } from 'vitest';
import { compileConfig } from '../load-config.ts';
import { defaultReaderSettings } from '../model/reader.ts';
import { Secret } from '../model/secret.ts';

const EGRESS = '---\nkind: io.statefun.kinesis.v1/egress\nspec: {id: com.example/out}\n';
/** Gives the records of direct routes a stream. */
const SETTINGS = '---\nsluice: {egresses: {com.example/out: {stream: s}}}\n';

/** Also checks that everything the original drops silently is refused under `--strict`. */
describe('a module.yaml ingress', () => {
  it('is compiled with every field', () => {
    const { config, problems } = load(`
kind: io.statefun.kinesis.v1/ingress
spec:
  id: com.example/in
  awsRegion: {type: specific, id: eu-west-1}
  awsCredentials: {type: profile, profileName: p, profilePath: /x}
  startupPosition: {type: date, date: 2020-02-30 24:00:00.000 -0730}
  streams:
    - {stream: 12, valueType: com.example/User, targets: [com.example/out/, com.example/out]}
  clientConfigProperties:
    - SocketTimeout: 9999
    - connectionTimeout: 20
    - proxyHost: proxy
    - proxyPassword: pw
    - flink.shard.getrecords.intervalmillis: 1_000
    - flink.shard.adaptivereads: true
    - aws.endpoint: http://localhost:4567
    - aws.trust.all.certificates: yes
${EGRESS}`);

    expect(problems).toEqual([]);
    expect(config.ingresses).toEqual([
      {
        id: 'com.example/in',
        position: { file: 'm.yaml', line: 4, column: 3 },
        aws: {
          region: 'eu-west-1',
          endpoint: 'http://localhost:4567',
          credentials: { type: 'profile', name: 'p', path: '/x' },
          assumeRole: undefined,
          http: {
            socketTimeoutMs: 9999,
            connectTimeoutMs: 20,
            proxy: { protocol: 'http', host: 'proxy', port: 80, username: undefined, password: new Secret('pw'), nonProxyHosts: undefined },
            trustAllCertificates: true,
          },
        },
        start: { type: 'timestamp', timestampMs: Date.UTC(2020, 2, 1, 7, 30) },
        streams: [
          {
            stream: '12',
            shardIds: undefined,
            valueType: 'com.example/User',
            targets: [
              { type: 'egress', egressId: 'com.example/out', position: { file: 'm.yaml', line: 9, column: 59 } },
              { type: 'egress', egressId: 'com.example/out', position: { file: 'm.yaml', line: 9, column: 77 } },
            ],
            position: { file: 'm.yaml', line: 9, column: 7 },
          },
        ],
        reader: {
          ...defaultReaderSettings,
          pollIntervalMs: 1000,
          adaptiveReads: true,
        },
        processors: [],
        connectorProperties: {
          'aws.clientconfig.socketTimeout': '9999',
          'aws.clientconfig.connectionTimeout': '20',
          'aws.clientconfig.proxyHost': 'proxy',
          'aws.clientconfig.proxyPassword': new Secret('pw'),
          'flink.shard.getrecords.intervalmillis': '1000',
          'flink.shard.adaptivereads': 'true',
          'aws.endpoint': 'http://localhost:4567',
          'aws.trust.all.certificates': 'true',
          'aws.region': 'eu-west-1',
          'aws.credentials.provider': 'PROFILE',
          'aws.credentials.provider.profile.name': 'p',
          'aws.credentials.provider.profile.path': '/x',
          'flink.stream.initpos': 'AT_TIMESTAMP',
          'flink.stream.initpos.timestamp': '2020-03-01T00:00:00.000-07:30',
        },
      },
    ]);
  });

  it('keeps secrets as they are written, and out of sight', () => {
    const { config } = ingress(
      'awsCredentials: {type: basic, accessKeyId: A, secretAccessKey: 0123}\n  clientConfigProperties: [{proxyPassword: pw}]',
    );
    const { credentials, http } = config.ingresses[0]!.aws;
    expect([credentials.type === 'static' && credentials.secretAccessKey.reveal(), http.proxy?.password?.reveal()]).toEqual(['0123', 'pw']);
    expect(JSON.stringify(config)).not.toMatch(/0123|"pw"/);
  });

  it('is read with enhanced fan-out where its properties say so', () => {
    const { config, problems } = ingress(
      'clientConfigProperties: [{flink.stream.recordpublisher: EFO}, {flink.stream.efo.consumername: me}]',
    );
    expect([config.ingresses[0]?.reader.fanOut, problems]).toEqual([{ position: { file: 'm.yaml', line: 6, column: 29 } }, []]);
  });

  it.each([
    [
      'startupPosition: {type: date, date: "2020-02-01 04:15:00.000 +00:00"}',
      'field.value 6:39 `date`: `2020-02-01 04:15:00.000 +00:00` does not conform to the pattern yyyy-MM-dd HH:mm:ss.SSS Z, for example `2020-02-01 04:15:00.000 +0000`',
    ],
    ['startupPosition: {type: LATEST}', 'field.value 6:27 invalid startup position type `LATEST`; valid values are earliest, latest, date'],
    [
      'startupPosition: earliest',
      'field.type 6:20 `startupPosition`: expected an object, got `earliest`; write for example `startupPosition: {type: earliest}`',
    ],
    [
      'awsRegion: {type: custom-endpoint, endpoint: "http://localhost:4567", id: us-west-1}',
      'field.value 6:48 `endpoint`: invalid service endpoint url `http://localhost:4567`: only custom service endpoints using HTTPS are supported; for a plain-http emulator set AWS_ENDPOINT_URL_KINESIS, or on an ingress the property `aws.endpoint`',
    ],
    [
      'awsCredentials: {type: specific, id: eu-west-1}',
      'module.documented-mistake 6:26 invalid AWS credential type `specific`; valid values are default, basic, profile; the documentation shows `awsCredentials` here by mistake: a region is set under `awsRegion`',
    ],
    [
      'awsCredentials: {type: basic, profileName: p}',
      'module.documented-mistake 6:26 `type: basic` needs `accessKeyId` and `secretAccessKey`; the documentation shows it by mistake for a profile: write `type: profile`',
    ],
    [
      'awsCredentials: {type: basic, accessKeyId: A}',
      'field.missing 6:19 required field `secretAccessKey` is missing in `spec.awsCredentials`',
    ],
    [
      'clientConfigProperties: {SocketTimeout: 1}',
      'field.type 6:43 `clientConfigProperties`: expected a list of single entries such as `- SocketTimeout: 9999`, got `1`',
    ],
    [
      'clientConfigProperties: [{SocketTimeot: 1}]',
      'connector.unknown-property 6:29 unknown property of the AWS client `SocketTimeot`; did you mean `socketTimeout`?',
    ],
    [
      'clientConfigProperties: [{MaxConnections: many}]',
      'connector.invalid-value 6:45 `MaxConnections`: expected an integer from -2147483648 to 2147483647, got `many`',
    ],
    [
      'clientConfigProperties: [{flink.stream.recordpublisher: EFO}]',
      'connector.invalid-value 6:27 no valid enhanced fan-out consumer name is set: add the property `flink.stream.efo.consumername`',
    ],
  ])('is refused with %s', (field, problem) => {
    expect(ingress(field).texts).toEqual([problem]);
  });

  it.each([
    [
      'startupPosition: {type: date, date: 2020-02-01 04:15:00.00 Z}',
      "module.documented-mistake 6:39 `2020-02-01 04:15:00.00 Z` is the documentation's form, which Stateful Functions refuses; write `2020-02-01 04:15:00.000 +0000`",
    ],
    [
      'startupPostion: {type: earliest}',
      'field.unknown 6:3 unknown field `startupPostion` in `spec` is ignored; did you mean `startupPosition`?',
    ],
    [
      'clientConfigProperties: [{SocketTimeout: 1, MaxConnections: 2}]',
      'module.dropped-data 6:47 `MaxConnections` is dropped: only the first entry of an element counts; begin it with a dash of its own',
    ],
    [
      'clientConfigProperties: [{SocketTimeout: 1}, {SocketTimeout: 2}]',
      'module.dropped-data 6:29 property `SocketTimeout` is set again at line 6; that value wins',
    ],
    [
      'clientConfigProperties: [{aws.region: x}]',
      'module.ineffective 6:29 `aws.region` never takes effect: `awsRegion`, or its default, is written over it',
    ],
    [
      'clientConfigProperties: [{flink.stream.initpos: TRIM_HORIZON}]',
      'module.ineffective 6:29 `flink.stream.initpos` never takes effect: `startupPosition`, or its default, is written over it',
    ],
    [
      'clientConfigProperties: [{flink.shard.getrecord.maxretries: 1}]',
      'connector.unknown-property 6:29 unknown property of the Kinesis consumer `flink.shard.getrecord.maxretries`; did you mean `flink.shard.getrecords.maxretries`?; it is ignored',
    ],
    [
      'streams: [{stream: s, valueType: a/b, targets: com.example/out}]',
      'module.dropped-data 6:50 `targets` is `com.example/out`: no target is named, so the records are read and dropped; write `targets: [com.example/out]`',
    ],
    [
      'streams: [{stream: s, valueType: a/b, targets: []}]',
      'module.dropped-data 6:50 `targets` is empty: no target is named, so the records are read and dropped',
    ],
    [
      'streams: [{stream: s, valueType: a/b, targets: []}, {stream: s, valueType: a/c, targets: [com.example/out]}]',
      'module.dropped-data 6:13 stream `s` is configured again at line 6; that entry wins and this one is dropped',
    ],
  ])('is taken with a warning, and refused by --strict, with %s', (field, problem) => {
    const lenient = ingress(field);
    const strict = ingress(field, { strict: true });
    expect(lenient.problems.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(strict.problems.every(({ severity }) => severity === 'error')).toBe(true);
    expect([lenient.texts.includes(problem), strict.texts.includes(problem)], lenient.texts.join('\n')).toEqual([true, true]);
  });
});

describe('properties without meaning here', () => {
  it.each([
    [
      'MaxErrorRetry: 2',
      "`MaxErrorRetry` has no effect in Sluice: retries are the reader's own: `flink.shard.getrecords.maxretries` and its neighbours",
    ],
    ['UseReaper: true', '`UseReaper` has no effect in Sluice'],
    ['flink.shard.idle.interval: 5', '`flink.shard.idle.interval` has no effect in Sluice'],
  ])('are taken with a warning: %s', (property, message) => {
    expect(ingress(`clientConfigProperties: [{${property}}]`).problems.map((problem) => `${problem.severity} ${problem.message}`)).toEqual([
      `warning ${message}`,
    ]);
  });
});

describe('a module.yaml egress', () => {
  it('takes what the Kinesis producer is told', () => {
    const { config, texts } = load(`
kind: io.statefun.kinesis.v1/egress
spec:
  id: com.example/out
  awsRegion: {type: custom-endpoint, endpoint: "https://localhost:4567/path", id: us-west-1}
  maxOutstandingRecords: "12"
  clientConfigProperties:
    - AggregationEnabled: false
    - CollectionMaxCount: 100
    - RecordTtl: 5000
    - FailIfThrottled: true
    - RequestTimeout: 6000
    - VerifyCertificate: false
    - KinesisPort: 1
`);
    expect(texts).toEqual([]);
    expect(config.egresses).toEqual([
      {
        id: 'com.example/out',
        position: { file: 'm.yaml', line: 4, column: 3 },
        aws: {
          region: 'us-west-1',
          endpoint: 'https://localhost:4567',
          credentials: { type: 'default' },
          assumeRole: undefined,
          http: { requestTimeoutMs: 6000, trustAllCertificates: true },
        },
        stream: { type: 'record' },
        partitionKey: { type: 'record' },
        hashKey: { type: 'record' },
        ordering: 'key',
        lanes: 16,
        aggregation: { enabled: false, maxCount: 4_294_967_295, maxBytes: 51_200 },
        maxInFlight: 64,
        maxOutstandingRecords: 12,
        batching: undefined,
        retry: { initialIntervalMs: 1000, maxIntervalMs: 5000, maxElapsedMs: 5000, maxRetries: 0 },
        writer: {
          maxRecordsPerRequest: 100,
          maxBytesPerRequest: 5_242_880,
          maxBufferedMs: 100,
          recordTtlMs: 5000,
          failIfThrottled: true,
        },
        processors: [],
        refusesFailedRecords: false,
        connectorProperties: {
          AggregationEnabled: 'false',
          CollectionMaxCount: '100',
          RecordTtl: '5000',
          FailIfThrottled: 'true',
          RequestTimeout: '6000',
          VerifyCertificate: 'false',
          KinesisPort: '4567',
          KinesisEndpoint: 'localhost',
          'aws.region': 'us-west-1',
          'aws.credentials.provider': 'AUTO',
        },
      },
    ]);
  });

  it.each([
    ['maxOutstandingRecords: 0', 'error field.value 5:26 `maxOutstandingRecords`: max outstanding records must be larger than 0'],
    ['maxOutstandingRecords: true', 'error field.type 5:26 `maxOutstandingRecords`: expected an integer, got `true`'],
    [
      'clientConfigProperties: [{RateLimit: 50}]',
      'warning module.ineffective 5:29 `RateLimit` has no effect in Sluice: a throttled record is retried with a backoff instead',
    ],
    ['clientConfigProperties: [{ThreadingModel: POOLED}]', 'warning module.ineffective 5:29 `ThreadingModel` has no effect in Sluice'],
    [
      'clientConfigProperties: [{AggregationMaxSize: 5}]',
      'error connector.invalid-value 5:49 `AggregationMaxSize`: expected an integer from 64 to 1048576, got `5`',
    ],
    [
      'clientConfigProperties: [{recordTtl: 5000}]',
      'warning connector.unknown-property 5:29 unknown property of the Kinesis producer `recordTtl`; did you mean `RecordTtl`?; it is ignored',
    ],
    [
      'stream: out',
      'warning field.unknown 5:3 unknown field `stream` in `spec` is ignored; each record names its stream, and that of a direct route is `sluice.egresses."com.example/out".stream`',
    ],
  ])('is warned about, or refused, with %s', (field, problem) => {
    const { problems } = load(`\nkind: io.statefun.kinesis.v1/egress\nspec:\n  id: com.example/out\n  ${field}\n`);
    expect(problems.map(({ severity, code, line, column, message }) => `${severity} ${code} ${line}:${column} ${message}`)).toEqual([
      problem,
    ]);
  });
});

describe('documents of a module', () => {
  it.each([
    [
      'kind: io.statefun.kinesis/ingress\nspec: {}',
      'unknown kind `io.statefun.kinesis/ingress`: that is its name in a `version: "3.0"` document; write `kind: io.statefun.kinesis.v1/ingress`',
    ],
    [
      'kind: statefun.kinesis.io/generic-egress\nspec: {}',
      'unknown kind `statefun.kinesis.io/generic-egress`: that is its name in Stateful Functions 2; write `kind: io.statefun.kinesis.v1/egress`',
    ],
    [
      'kind: io.statefun.kinesis.v1/ingres\nspec: {}',
      'unknown kind `io.statefun.kinesis.v1/ingres`; did you mean `io.statefun.kinesis.v1/ingress`?',
    ],
    [
      'kind: io.statefun.kafka.v1/ingress\nspec: {}',
      '`io.statefun.kafka.v1/ingress` is not supported: Sluice moves records into and out of Kinesis only; it supports io.statefun.kinesis.v1/ingress, io.statefun.kinesis.v1/egress, io.statefun.endpoints.v1/http, io.statefun.endpoints.v2/http',
    ],
    ['version: 3.0\nmodule: {}', '`version` must be a text: put it into quotes, `version: "3.0"`'],
    [
      'version: "3.0"\nmodule: {meta: {type: remote}, spec: {}}\n---\n',
      'a `version:` document must be the only one in its file: remove what stands before and after it, a trailing `---` too',
    ],
    ['version: "3.0"\nmodule: {meta: {type: embedded}, spec: {}}', 'unknown module type `embedded`; supported: remote'],
    [
      'version: "3.0"\nmodule: {meta: {type: remote}, spec: {ingresses: [{ingress: {meta: {type: io.statefun.kinesis/ingress}}}]}}',
      'missing key /ingress/meta/id',
    ],
  ])('%j', (text, message) => {
    const { problems } = load(text);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
  });

  it('an id may be defined once, an ingress and an egress may share one', () => {
    const { problems } = load(
      `${EGRESS}${EGRESS}---\nkind: io.statefun.kinesis.v1/ingress\nspec: {id: com.example/out, streams: [{stream: s, valueType: v, targets: [com.example/out]}]}\n`,
    );
    expect(problems.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '6 egress `com.example/out` was previously defined at m.yaml(3,7)',
    ]);
  });

  it('the older form has its names converted, and the id of `meta` wins', () => {
    const { config, problems } = load(`version: "3.0"
module:
  meta: {type: REMOTE}
  spec:
    endpoints: [{endpoint: {meta: {kind: http}, spec: {functions: a/*, urlPathTemplate: "http://h/{function.name}", timeouts: {call: 30s}}}}]
    ingresses: [{ingress: {meta: {type: io.statefun.kinesis/ingress, id: a/in}, spec: {id: x/y, streams: [{stream: s, valueType: v, targets: [a/greet]}]}}}]
`);
    expect(problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'warning `id` of the spec has no effect: that of `meta` is written over it',
    ]);
    expect(config.ingresses.map(({ id, streams }) => ({ id, targets: streams[0]?.targets }))).toEqual([
      {
        id: 'a/in',
        targets: [{ type: 'function', functionType: 'a/greet', endpointId: 'a/*', position: { file: 'm.yaml', line: 6, column: 143 } }],
      },
    ]);
    expect(config.endpoints).toEqual([
      {
        id: 'a/*',
        namespace: 'a',
        name: undefined,
        urlPathTemplate: 'http://h/{function.name}',
        maxNumBatchRequests: 1000,
        transport: { type: 'okhttp', callMs: 30_000, connectMs: 10_000, readMs: 10_000, writeMs: 10_000 },
        position: { file: 'm.yaml', line: 5, column: 55 },
      },
    ]);
  });

  it.each([
    ['timeouts: {connect: 5s}', { callMs: 60_000, connectMs: 5_000 }],
    ['call: 1 hour', { callMs: 3_600_000, connectMs: 20_000 }],
    ['connect: 2500', { callMs: 120_000, connectMs: 2_500 }],
  ])('an asynchronous transport with %s', (transport, expected) => {
    const { config, problems } = load(
      `kind: io.statefun.endpoints.v2/http\nspec: {functions: a/b, urlPathTemplate: "http://h", transport: {${transport}}}\n`,
    );
    expect([config.endpoints[0]?.transport, problems]).toEqual([expect.objectContaining({ type: 'async', ...expected }), []]);
  });
});

function load(text: string, options: { strict?: boolean } = {}) {
  const isRouted = text.includes('.v1/ingress') && text.includes('id: com.example/out}');
  const { config, problems } = compileConfig([{ name: 'm.yaml', text: isRouted ? `${text}${SETTINGS}` : text }], { env: {}, ...options });
  return { config, problems, texts: problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`) };
}

const ingress = (field: string, options: { strict?: boolean } = {}) => {
  const streams = field.startsWith('streams') ? field : `${field}\n  streams: [{stream: s, valueType: a/b, targets: [com.example/out]}]`;
  return load(`#\nkind: io.statefun.kinesis.v1/ingress\nspec:\n  id: com.example/in\n\n  ${streams}\n${EGRESS}`, options);
};
