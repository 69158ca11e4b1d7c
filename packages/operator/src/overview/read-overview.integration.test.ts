import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore, createRedisShardTable, pauseGroup } from '@sluice/lease';
import { openLaneSender } from '@sluice/queue';
import {
  connectRedis,
  deadLetterKeys,
  delayedKeys,
  laneKeys,
  type RedisSession,
  readerGroupKey,
  shardTableKey,
  sourcesKey,
  watchedKey,
} from '@sluice/redis';
import { createReportStore, type EgressReport, type FunctionReport, type WorkerReport } from '@sluice/status';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readOverview } from './read-overview.ts';

const stack = new AsyncDisposableStack();
let session: RedisSession;
let keyPrefix: string;
beforeAll(async () => {
  const redis = stack.use(await startRedisServer());
  session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  keyPrefix = randomUUID();
});

const ARN = 'arn:aws:kinesis:eu-west-1:1:stream/orders';
const SOURCE = 'com.example/in/orders';

describe('readOverview', () => {
  it('is of an installation that nothing has run in yet', async () => {
    expect(await readOverview({ session, keyPrefix })).toEqual({
      atMs: expect.closeTo(Date.now(), -5),
      release: expect.stringMatching(/^\d+\.\d+/),
      redis: { version: expect.stringMatching(/^\d+\./), usedBytes: expect.any(Number), maxBytes: 0 },
      ...{ streams: [], targets: [], workers: [] },
    });
    expect(await session.client.exists(watchedKey(keyPrefix))).toBe(1);
  });

  it('merges who holds a shard with what its holder reports', async () => {
    const { claim, end } = await tableOf(['0', '1', '2', '3', '4:0']);
    for (const shard of ['0', '1', '2']) await claim(shard, shard === '2' ? 'silent' : 'w1');
    await publish(
      reportOf('w1', 'ingress-worker', {
        shards: [shardReport('0', 4), { ...shardReport('1', 6), state: 'failing', code: 'X', reason: 'why' }],
      }),
    );
    // What a former holder says does not count.
    await publish(
      reportOf('w0', 'ingress-worker', {
        shards: [shardReport('0', 99), shardReport('2', 99)],
        routes: [{ source: SOURCE, targets: ['out', 'copy'] }],
      }),
    );
    await pauseGroup(session, readerGroupKey(keyPrefix, 'com.example/in'), { by: 'ada@host', reason: 'maintenance' });

    const { streams, workers } = await readOverview({ session, keyPrefix });
    expect(streams).toMatchObject([
      {
        ...{ source: SOURCE, ingress: 'com.example/in', stream: 'orders', arn: ARN, targets: ['out', 'copy'] },
        paused: { by: 'ada@host', reason: 'maintenance' },
        ...{ recordsPerSecond: 20, bytesPerSecond: 2_000, lagMaxSeconds: 6, lagSumSeconds: 10 },
      },
    ]);
    expect(streams[0]!.shards.map(({ shardId, state, owner, lagSeconds, code }) => [shardId, state, owner, lagSeconds, code])).toEqual([
      ['0', 'reading', 'w1', 4, undefined],
      ['1', 'failing', 'w1', 6, 'X'],
      ['2', 'reading', 'silent', null, undefined],
      ['3', 'free', null, null, undefined],
      ['4', 'waiting', null, null, undefined],
    ]);
    expect(streams[0]!.shards[4]).toMatchObject({ parents: ['0'], checkpoint: 'TRIM_HORIZON', startedAt: 'TRIM_HORIZON', leases: 0 });
    expect(workers.map(({ workerId, shards, lanes }) => [workerId, shards, lanes])).toEqual([
      ['w0', 0, 0],
      ['w1', 2, 0],
    ]);

    await end('3');
    expect((await readOverview({ session, keyPrefix })).streams[0]!.shards[3]).toMatchObject({ state: 'ended', owner: null });
  });

  it('says what waits in each lane, since when, who owns it, and why it is blocked', async () => {
    const sender = await openLaneSender({ session, keyPrefix, target: 'output/out', lanes: 3, clock: systemClock });
    const record = { partitionKey: 'k', data: Buffer.from('x'), metadata: {} };
    await sender.enqueue([{ lane: 1, records: [record, record] }], session.epoch);
    await sender.enqueue([{ lane: 1, records: [record] }], session.epoch);
    const keys = laneKeys({ keyPrefix, target: 'output/out', lane: 1 });
    await session.client.hset(`${keys.jobPrefix}1`, 'timestamp', Date.now() - 60_000);
    await session.client.hset(keys.state, { blockedUntil: Date.now() + 40_000, blockedForMs: 50_000, blockedReason: 'slow down' });
    await createRedisLeaseStore(session).claim({ epoch: session.epoch, key: keys.lease, worker: 'w1', ttlMs: 600_000 });
    await session.client.zadd(deadLetterKeys({ keyPrefix, target: 'output/out' }).failed, 1, 'a', 2, 'b');
    await session.client.hset(delayedKeys(keyPrefix).counts, 'output/out', 7);
    await publish(reportOf('w1', 'egress-worker', { egresses: [EGRESS] }));

    const { targets, workers } = await readOverview({ session, keyPrefix });
    expect(targets).toEqual([
      {
        ...{ target: 'output/out', kind: 'egress', layout: 'key', paused: null, deadLetters: 2, parked: 0, delayed: 7 },
        writers: [{ worker: 'w1', kind: 'egress', ...EGRESS }],
        lanes: [
          emptyLane(0),
          {
            ...emptyLane(1),
            ...{ owner: 'w1', jobs: 2, waiting: 2, records: 3, bytes: expect.any(Number), enqueued: 2 },
            ...{ oldestMs: expect.closeTo(60_000, -4), blockedForMs: expect.closeTo(40_000, -4), blockedReason: 'slow down' },
          },
          emptyLane(2),
        ],
      },
    ]);
    expect(workers).toMatchObject([{ workerId: 'w1', app: 'egress-worker', shards: 0, lanes: 1 }]);
    expect(workers[0]).not.toHaveProperty('egresses');
  });

  it('counts the parked addresses that workers report, and where none runs the mailboxes', async () => {
    await openLaneSender({ session, keyPrefix, target: 'shop/cart', lanes: 2, clock: systemClock });
    await session.client.hset(laneKeys({ keyPrefix, target: 'shop/cart', lane: 1 }).mailboxes, 'ada', '{}', 'bob', '{}');
    const parked = async () => (await readOverview({ session, keyPrefix })).targets.map(({ kind, parked: count }) => [kind, count]);
    expect(await parked()).toEqual([[null, 2]]);
    for (const worker of ['w1', 'w2']) await publish(reportOf(worker, 'function-worker', { functions: [{ ...FUNCTION, parked: 3 }] }));
    expect(await parked()).toEqual([['function', 6]]);
  });

  it('takes few round trips and little time for a thousand shards and 256 lanes, and never looks at all keys', async () => {
    const shards = Array.from({ length: 1_000 }, (_, index) => `shardId-${String(index).padStart(12, '0')}`);
    const { claim } = await tableOf(shards);
    await Promise.all(shards.map((shard, index) => claim(shard, `w${index % 20}`)));
    for (let worker = 0; worker < 20; worker++) {
      const own = shards.filter((_, index) => index % 20 === worker).map((shard) => shardReport(shard, 1));
      await publish(reportOf(`w${worker}`, 'ingress-worker', { shards: own }));
    }
    const sender = await openLaneSender({ session, keyPrefix, target: 'out', lanes: 256, clock: systemClock });
    const record = { partitionKey: 'k', data: Buffer.from('x'), metadata: {} };
    await sender.enqueue(
      Array.from({ length: 256 }, (_, lane) => ({ lane, records: [record] })),
      session.epoch,
    );
    const { streams, targets } = await readOverview({ session, keyPrefix });
    expect(streams[0]!.shards.filter(({ state, lagSeconds }) => state === 'reading' && lagSeconds === 1)).toHaveLength(1_000);
    expect(targets[0]!.lanes.filter(({ oldestMs }) => oldestMs !== null)).toHaveLength(256);

    await session.client.config('RESETSTAT');
    const spentMs: number[] = [];
    for (let turn = 0; turn < 10; turn++) {
      const before = process.threadCpuUsage();
      await readOverview({ session, keyPrefix });
      const { user, system } = process.threadCpuUsage(before);
      spentMs.push((user + system) / 1_000);
    }
    const calls = await session.client.info('commandstats');
    expect(calls).not.toMatch(/cmdstat_(scan|keys):/);
    expect(Number(/cmdstat_evalsha:calls=(\d+)/.exec(calls)![1])).toBe(10 * (5 + 4));
    expect(Math.min(...spentMs)).toBeLessThan(50);
  });
});

const emptyLane = (lane: number) => ({
  lane,
  owner: null,
  jobs: 0,
  waiting: 0,
  active: 0,
  records: 0,
  bytes: 0,
  enqueued: 0,
  oldestMs: null,
  blockedForMs: 0,
});

const EGRESS: EgressReport = {
  ...{ egress: 'output/out', recordsPerSecond: 10, bytesPerSecond: 100, requestsPerSecond: 1, failedPerSecond: 0 },
  ...{ throttledPerSecond: 0, requestMs: 12, state: 'writing' },
};

const FUNCTION: FunctionReport = {
  ...{ type: 'shop/cart', invocationsPerSecond: 1, messagesPerSecond: 2, failedPerSecond: 0, requestMs: 5 },
  ...{ parked: 0, inFlight: 1, state: 'serving' },
};

const shardReport = (shard: string, lagSeconds: number) =>
  ({ source: SOURCE, shard, state: 'reading', lagSeconds, recordsPerSecond: 10, bytesPerSecond: 1_000 }) as const;

const reportOf = (workerId: string, app: WorkerReport['app'], figures: Partial<WorkerReport>): WorkerReport => ({
  ...{ format: 1, workerId, app, release: '1.2.3', host: 'h', pid: 7, startedAtMs: 1, atMs: 2 },
  ...{ operationsUrl: 'http://127.0.0.1:1', ready: true, state: 'running', reasons: [] },
  process: { rssBytes: 1, heapUsedBytes: 2, cpuShare: 0.5, eventLoopDelayMs: 3 },
  ...{ shards: [], routes: [], egresses: [], functions: [] },
  ...figures,
});

const publish = (report: WorkerReport) => createReportStore(session, keyPrefix).publish(report, []);

/** A table of these shards, `CHILD:PARENT` where one has a parent. */
async function tableOf(names: readonly string[]) {
  const table = createRedisShardTable(session, {
    ...{ key: shardTableKey(keyPrefix, SOURCE), group: 'g', start: { kind: 'TRIM_HORIZON' } },
    listed: { key: sourcesKey(keyPrefix), name: SOURCE },
  });
  const shards = names.map((name) => {
    const [shardId = '', ...parents] = name.split(':');
    return { shardId, parents };
  });
  await table.create({ streamArn: ARN, streamCreatedAtMs: 0 }, shards);
  const store = createRedisLeaseStore(session);
  return {
    claim: (shard: string, worker: string) => store.claim({ epoch: session.epoch, key: table.keyOf(shard), worker, ttlMs: 600_000 }),
    end: (shard: string) => session.client.hset(table.keyOf(shard), 'ended', '1:x'),
  };
}
