import { describe, expect, it } from 'vitest';
import { load } from './testing/load-text.ts';

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
    - RateLimit: 80
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
        stream: { type: 'record', default: undefined },
        partitionKey: { type: 'record' },
        hashKey: { type: 'record' },
        ordering: 'key',
        lanes: 16,
        aggregation: { enabled: false, by: 'key', maxCount: 4_294_967_295, maxBytes: 51_200 },
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
          rateLimit: 80,
        },
        processors: [],
        refusesFailedRecords: false,
        takesBatches: false,
        resources: { caches: [], rateLimits: [] },
        connectorProperties: {
          AggregationEnabled: 'false',
          CollectionMaxCount: '100',
          RateLimit: '80',
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
      'clientConfigProperties: [{RateLimit: 0}]',
      'error connector.invalid-value 5:40 `RateLimit`: expected an integer of at least 1, got `0`',
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
