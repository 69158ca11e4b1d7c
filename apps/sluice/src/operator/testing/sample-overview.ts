import type { LaneOverview, Overview, ShardOverview, WorkerOverview, WriterOverview } from '@sluice/status';

/** As orchestrators name them. */
const LONG_WORKER = 'sluice-egress-worker-7d9f8b6c5-x2x9z-eu-west-1a-node-0123456789abcdef';
export const NOW = Date.UTC(2026, 10, 30, 8, 0, 0);

/** An installation in which something is wrong everywhere, with names that are hard to show. */
export const sampleOverview = (): Overview => ({
  atMs: NOW,
  release: '0.1.0',
  redis: { version: '7.0.15', usedBytes: 123_456_789, maxBytes: 1_073_741_824 },
  streams: streams(),
  targets: targets(),
  workers: workers(),
});

const streams = (): Overview['streams'] => [
  {
    source: 'com.example.logistics/incoming-orders-of-all-regions/arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
    ingress: 'com.example.logistics/incoming-orders-of-all-regions',
    stream: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
    arn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders',
    targets: ['output/注文'],
    paused: {
      atMs: NOW - 60_000,
      by: 'ada@host',
      reason: 'maintenance of 注文 until the new cluster is up, see the ticket for the plan',
    },
    ...{ recordsPerSecond: 12_345.6, bytesPerSecond: 9_876_543, lagMaxSeconds: 754, lagSumSeconds: 760.4 },
    shards: [
      shard(0, { state: 'ended', checkpoint: 'SHARD_END' }),
      ...Array.from({ length: 4 }, (_, index) => shard(index + 1, { state: 'ended', checkpoint: 'SHARD_END' })),
      shard(5, { owner: LONG_WORKER, lagSeconds: 0.4, recordsPerSecond: 12_000, bytesPerSecond: 9_000_000 }),
      shard(6, { owner: 'worker-a', state: 'paused', lagSeconds: 6, parents: ['shardId-000000000001', 'shardId-000000000002'] }),
      shard(7, {
        owner: '労働者-一',
        state: 'failing',
        lagSeconds: 754,
        code: 'KINESIS_ACCESS_DENIED',
        reason: 'User: arn:aws:iam::123456789012:role/sluice is not authorized',
      }),
      shard(8, { state: 'waiting', parents: ['shardId-000000000006'] }),
      shard(9, { state: 'free', startedAt: '2026-11-30T00:00:00.000Z', checkpoint: 'AT_TIMESTAMP:1796000000000' }),
    ],
  },
];

const targets = (): Overview['targets'] => [
  {
    ...{ target: 'output/注文', kind: 'egress', layout: 'shard', deadLetters: 1_234, parked: 0, delayed: 0, paused: null },
    writers: [
      egressWriter(LONG_WORKER, {
        offloading: { code: 'OBJECT_STORE_FAILED', reason: 'bucket large is not there', seconds: 95, records: 3 },
      }),
      egressWriter('労働者-一', {
        state: 'failing',
        code: 'KINESIS_UNAVAILABLE',
        reason: 'connect ECONNREFUSED 10.0.0.1:443, for as long as anybody can remember',
      }),
    ],
    lanes: [
      lane(0, { owner: LONG_WORKER, waiting: 12, active: 3, records: 7_500, bytes: 9_000_000, oldestMs: 754_000 }),
      lane(1, {
        owner: '労働者-一',
        waiting: 1,
        records: 2,
        bytes: 800,
        oldestMs: 90_000_000,
        blockedForMs: 31_000,
        blockedReason: 'no request was answered for ten minutes: connect ECONNREFUSED',
      }),
      lane(2, { waiting: 1, records: 2, bytes: 800, oldestMs: 400 }),
      ...Array.from({ length: 13 }, (_, index) => lane(index + 3, { owner: index < 8 ? LONG_WORKER : index < 12 ? '労働者-一' : null })),
    ],
  },
  {
    ...{
      target: 'shop/cart',
      kind: 'function',
      layout: 'key',
      deadLetters: 0,
      parked: 3,
      delayed: 12,
      paused: { atMs: NOW, by: 'ada@host', reason: '' },
    },
    writers: [
      {
        worker: 'fn-1',
        kind: 'function',
        type: 'shop/cart',
        invocationsPerSecond: 44,
        messagesPerSecond: 1_000,
        failedPerSecond: 0.4,
        requestMs: 17,
        parked: 3,
        inFlight: 8,
        state: 'serving',
        code: 'FUNCTION_FAILED',
        reason: 'HTTP 500',
      },
    ],
    lanes: Array.from({ length: 4 }, (_, index) => lane(index, { owner: 'fn-1' })),
  },
];

const workers = (): Overview['workers'] => [
  worker(LONG_WORKER, 'egress-worker', {
    lanes: 9,
    deadLetterOutput: { code: 'DEAD_LETTER_OUTPUT_FAILED', reason: 'stream dead is not there', seconds: 400 },
  }),
  worker('労働者-一', 'egress-worker', {
    ready: false,
    state: 'running',
    lanes: 5,
    reasons: [
      'egress:output/注文 is open.failing: kinesis did not answer at https://kinesis.eu-west-1.amazonaws.com within 10 s (KINESIS_UNAVAILABLE)',
    ],
  }),
  worker('fn-1', 'function-worker', { lanes: 4 }),
  worker('reader', 'ingress-worker', { ready: false, state: 'stopping', shards: 4, reasons: ['the worker is stopping'] }),
];

const shard = (number: number, facts: Partial<ShardOverview>): ShardOverview => ({
  shardId: `shardId-${String(number).padStart(12, '0')}`,
  ...{ state: 'reading', owner: null, parents: [], lagSeconds: null, recordsPerSecond: 0, bytesPerSecond: 0 },
  ...{ checkpoint: '49671234567890123456789012345678901234567890123456789012:17', startedAt: 'TRIM_HORIZON', leases: 3 },
  ...facts,
});

const lane = (number: number, facts: Partial<LaneOverview>): LaneOverview => ({
  ...{ lane: number, owner: null, waiting: 0, active: 0, records: 0, bytes: 0, enqueued: 123_456, oldestMs: null, blockedForMs: 0 },
  ...facts,
  jobs: (facts.waiting ?? 0) + (facts.active ?? 0),
});

const egressWriter = (name: string, facts: object): WriterOverview => ({
  ...{ worker: name, kind: 'egress', egress: 'output/注文', recordsPerSecond: 12_345, bytesPerSecond: 9_876_543, requestsPerSecond: 25 },
  ...{ failedPerSecond: 3.4, throttledPerSecond: 1.2, requestMs: 143, state: 'writing' },
  ...facts,
});

const worker = (workerId: string, app: WorkerOverview['app'], facts: Partial<WorkerOverview>): WorkerOverview => ({
  ...{ format: 1, workerId, app, release: '0.1.0', host: 'ip-10-0-12-34.eu-west-1.compute.internal', pid: 12_345 },
  ...{
    startedAtMs: NOW - 7_200_000,
    atMs: NOW - 2_000,
    operationsUrl: 'http://10.0.12.34:4195',
    ready: true,
    state: 'running',
    reasons: [],
  },
  process: { rssBytes: 234_567_890, heapUsedBytes: 123_456_789, cpuShare: 0.734, eventLoopDelayMs: 12.3 },
  ...{ shards: 0, lanes: 0 },
  ...facts,
});
