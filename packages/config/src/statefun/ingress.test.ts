import { describe, expect, it } from 'vitest';
import { defaultReaderSettings } from '../model/reader.ts';
import { Secret } from '../model/secret.ts';
import { EGRESS, ingress, load } from './testing/load-text.ts';

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
        onError: 'pass',
        processors: [],
        batching: undefined,
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
      'clientConfigProperties: [{flink.stream.recordpublisher: EFO}, {flink.stream.efo.consumername: me}, {flink.shard.subscribetoshard.backoff.max: 9000}]',
    );
    const position = { file: 'm.yaml', line: 6, column: 29 };
    const fanOut = { position, consumer: 'me', consumerArns: {}, activationTimeoutMs: 60_000, maxPauseMs: 9_000 };
    expect([config.ingresses[0]?.reader.fanOut, problems]).toEqual([fanOut, []]);
  });

  it('is read with consumers that others registered, where it is told so', () => {
    const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/s/consumer/me:1';
    const { stream } = ingress('').config.ingresses[0]!.streams[0]!;
    const { config, problems } = ingress(
      `clientConfigProperties: [{flink.stream.recordpublisher: EFO}, {flink.stream.efo.registration: NONE}, {flink.stream.efo.consumerarn.${stream}: '${arn}'}]`,
    );
    expect([config.ingresses[0]?.reader.fanOut?.consumerArns, problems]).toEqual([{ [stream]: arn }, []]);
  });

  it('says which settings of enhanced fan-out have no effect', () => {
    const properties =
      '{flink.stream.recordpublisher: EFO}, {flink.stream.efo.consumername: me}, {flink.shard.subscribetoshard.maxretries: 3}';
    expect(ingress(`clientConfigProperties: [${properties}]`).texts).toEqual([
      expect.stringContaining('`flink.shard.subscribetoshard.maxretries` has no effect in Sluice: a call of enhanced fan-out'),
    ]);
    expect(ingress('clientConfigProperties: [{flink.stream.efo.consumername: me}]').texts).toEqual([
      expect.stringContaining('`flink.stream.efo.consumername` has no effect in Sluice without `flink.stream.recordpublisher: EFO`'),
    ]);
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
      'awsRegion: {type: custom-endpoint, endpoint: "ftp://localhost:4567", id: us-west-1}',
      'field.value 6:48 `endpoint`: invalid service endpoint url `ftp://localhost:4567`: expected `https://host:port`',
    ],
    [
      'awsRegion: {type: default}\n  awsCredentials: {type: specific, id: eu-west-1}',
      'field.value 7:26 invalid AWS credential type `specific`; valid values are default, basic, profile; there is an `awsRegion` already, so this is none: remove it',
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
    [
      'clientConfigProperties: [{flink.stream.recordpublisher: EFO}, {flink.stream.efo.consumername: my app}]',
      'connector.invalid-value 6:97 `flink.stream.efo.consumername`: expected a name of up to 128 letters, digits, `_`, `.` and `-`, got `my app`',
    ],
    [
      'clientConfigProperties: [{flink.stream.recordpublisher: EFO}, {flink.stream.efo.registration: NONE}, {flink.stream.efo.consumerarn.s: me}]',
      'connector.invalid-value 6:137 `flink.stream.efo.consumerarn.s`: expected the ARN of a consumer, such as `arn:aws:kinesis:eu-west-1:123456789012:stream/orders/consumer/app:1700000000`, got `me`',
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
      'startupPosition: {type: date, date: "2020-02-01 04:15:00.123 Z"}',
      "module.documented-mistake 6:39 `2020-02-01 04:15:00.123 Z` is the documentation's form, which Stateful Functions refuses; write `2020-02-01 04:15:00.123 +0000`",
    ],
    [
      'awsRegion: {type: custom-endpoint, endpoint: "http://localhost:4567", id: us-west-1}',
      'module.documented-mistake 6:48 Stateful Functions refuses the custom endpoint `http://localhost:4567`, since it is not https; write `https://…`, or for a plain-http emulator set AWS_ENDPOINT_URL_KINESIS, or on an ingress the property `aws.endpoint`',
    ],
    [
      'awsCredentials: {type: specific, id: eu-west-1}',
      'module.documented-mistake 6:19 a region stands under `awsCredentials`, where the documentation shows it by mistake; write `awsRegion`',
    ],
    [
      'awsCredentials: {type: basic, profileName: p}',
      'module.documented-mistake 6:26 `type: basic` needs `accessKeyId` and `secretAccessKey`; the documentation shows it by mistake for a profile: write `type: profile`',
    ],
    [
      'streams: [{stream: s, typeUrl: a/b, targets: [com.example/out]}]',
      'module.documented-mistake 6:34 `typeUrl` is the name of `valueType` in Stateful Functions 2; write `valueType`',
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

describe("the mistakes of the documentation's examples", () => {
  it('mean what they were to mean', () => {
    const { config } = ingress(
      `streams: [{stream: s, typeUrl: a/b, targets: [com.example/out]}]
  awsCredentials: {type: custom-endpoint, endpoint: "http://localhost:4567", id: us-west-1}
  startupPosition: {type: date, date: 2020-02-01 04:15:00.00 Z}`,
    );
    expect(config.ingresses[0]).toMatchObject({
      aws: { region: 'us-west-1', endpoint: 'http://localhost:4567', credentials: { type: 'default' } },
      start: { type: 'timestamp', timestampMs: Date.UTC(2020, 1, 1, 4, 15) },
      streams: [{ stream: 's', valueType: 'a/b' }],
    });
    const profile = ingress('awsCredentials: {type: basic, profileName: p, profilePath: /x}').config;
    expect(profile.ingresses[0]?.aws.credentials).toEqual({ type: 'profile', name: 'p', path: '/x' });
  });

  it('hold for an egress too', () => {
    const { config } = load(
      'kind: io.statefun.kinesis.v1/egress\nspec: {id: a/b, awsRegion: {type: custom-endpoint, endpoint: "http://localhost:4567/x", id: us-west-1}}\n',
    );
    expect(config.egresses[0]?.aws).toMatchObject({ region: 'us-west-1', endpoint: 'http://localhost:4567' });
  });
});

describe('properties without meaning here', () => {
  it.each([
    [
      'MaxErrorRetry: 2',
      '`MaxErrorRetry` has no effect in Sluice: the reader repeats calls itself: set `flink.shard.getrecords.maxretries` and its neighbours',
    ],
    ['UseReaper: true', '`UseReaper` has no effect in Sluice'],
    ['flink.shard.idle.interval: 5', '`flink.shard.idle.interval` has no effect in Sluice'],
  ])('are taken with a warning: %s', (property, message) => {
    expect(ingress(`clientConfigProperties: [{${property}}]`).problems.map((problem) => `${problem.severity} ${problem.message}`)).toEqual([
      `warning ${message}`,
    ]);
  });
});
