import { randomUUID } from 'node:crypto';
import { type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore, createRedisShardTable } from '@sluice/lease';
import { laneLeaseKey, openLaneReceiver, openLaneSender } from '@sluice/queue';
import { connectRedis, type RedisSession, shardTableKey } from '@sluice/redis';
import { createReportStore, type WorkerReport } from '@sluice/status';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

const TARGET = 'output/orders';
let redis: Awaited<ReturnType<typeof startRedisServer>>;
let session: RedisSession;
let keyPrefix: string;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => {
  keyPrefix = `test-${randomUUID()}`;
});

describe('sluice lanes', () => {
  it('shows what waits, who owns a lane, and why one is blocked', async () => {
    await fillLane({ records: 3, blockForMs: 60_000 });

    const { code, stdout, stderr } = await sluice('lanes');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const columns = stdout.replaceAll(/\d[\d.]* s\b/g, '9 s').replaceAll(/ {2,}/g, '  ');
    expect(columns.split('\n')).toEqual([
      `${TARGET}: 2 lanes, 3 records (1.1 KiB), oldest 9 s`,
      'lane  owner  records  bytes  oldest  jobs  in hand  jobs ever  state',
      '  0  nobody  0  0 B  -  0  0  0  idle',
      '  1  worker-a  3  1.1 KiB  9 s  1  0  1  blocked for 9 s',
      'lane 1 is blocked: throttled',
      '',
    ]);
    const json = JSON.parse((await sluice('lanes', '--format', 'json', '--target', TARGET)).stdout);
    expect(json.targets[0].lanes[1]).toMatchObject({ lane: 1, waiting: 1, records: 3, owner: 'worker-a', blockedReason: 'throttled' });
  });

  it('gives a target another number of lanes', async () => {
    await openSender();
    const { code, stdout, stderr } = await sluice('lanes', 'resize', TARGET, '5', '--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${TARGET} has 5 lanes now; configure that number, until then workers warn of it\n`,
    });
    expect(stderr).toBe('what sends to it holds back; its lanes are emptied\nthe lanes are empty and closed\n');
    expect(JSON.parse((await sluice('lanes', '--format', 'json')).stdout).targets[0].lanes).toHaveLength(5);
    expect((await sluice('lanes', 'resize', TARGET, 'x')).stderr).toContain('expected a whole number of lanes from 1 to 1024, got NaN');
    expect((await sluice('lanes', 'resize', 'output/x', '5')).stderr).toContain('expected a target of this Redis, found output/x');
    // `sluice lanes` has the option too.
    expect((await sluice('lanes', 'resize', TARGET, '5', '-c', 'nowhere.yaml')).stderr).toContain('nowhere.yaml: cannot be read');
  });

  it('does not change the number while something waits', async () => {
    await fillLane({ records: 3, blockForMs: 60_000 });
    expect((await sluice('lanes', 'resize', TARGET, '5', '--yes', '--timeout', '1')).stderr).toContain('(LANES_NOT_DRAINED)');
    expect(JSON.parse((await sluice('lanes', '--format', 'json')).stdout).targets[0].lanes).toHaveLength(2);
    // Senders do not hold back any more.
    expect(await (await openSender()).pressure()).toMatchObject({ isOverHighWater: false });
  });

  it('says what it does not know', async () => {
    await expect(sluice('lanes')).resolves.toEqual({ code: 0, stdout: 'no target has been used in this Redis yet\n', stderr: '' });
    await openSender();
    await expect(sluice('lanes', '--target', 'output/x')).resolves.toEqual({
      ...{ code: 2, stdout: '' },
      stderr: `sluice: expected a target of this Redis, found output/x; its targets are ${TARGET} (OPERATOR_INPUT_INVALID)\n`,
    });
  });

  it('gives up in time where nobody answers', async () => {
    const answer = await runSluice(['lanes', '-s', 'sluice.redis.connect_timeout=300ms'], {
      env: { SLUICE_REDIS_URL: 'redis://127.0.0.1:1' },
    });
    expect(answer).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(/^sluice: .*127\.0\.0\.1:1.*\(REDIS_UNREACHABLE\)\n$/) });
  });
});

describe('sluice dead-letters', () => {
  it('lists them and shows one with its reason, its payload only when asked', async () => {
    await fillLane({ records: 2, rejects: [1] });

    const list = JSON.parse((await sluice('dead-letters', 'list', '--format', 'json')).stdout);
    const { id } = list.targets[0].deadLetters[0];
    const table = (await sluice('dead-letters', 'list')).stdout.split('\n');
    const facts = (await sluice('dead-letters', 'show', '--', id)).stdout;
    const withPayload = (await sluice('dead-letters', 'show', '--payload', '--', id)).stdout;

    expect({ count: list.targets[0].count, head: table[0], row: table[2] }).toEqual({
      ...{ count: 1, head: `${TARGET}: 1 dead letter` },
      row: expect.stringMatching(/ {2}\d[\d.]* s ago {2}key-1 {2} +8 B {2}RECORD_TOO_LARGE: too large$/),
    });
    expect(facts.split('\n').map((line) => line.split(/ {2,}/))).toEqual(
      expect.arrayContaining([
        ['id', id],
        ['reason', 'too large (RECORD_TOO_LARGE)'],
        ['', 'limit', '10'],
        ['partition key', 'key-1'],
      ]),
    );
    expect([facts.includes('record 1'), withPayload]).toEqual([false, `${facts}\nrecord 1\n`]);
  });

  it('sends them again, oldest first, and each only once', async () => {
    await fillLane({ records: 4, rejects: [0, 1, 3] });

    await expect(sluice('dead-letters', 'redrive', '--all', '--yes')).resolves.toEqual({
      code: 0,
      stdout: '3 dead letters sent again\n',
      stderr: '',
    });

    await expect(sluice('dead-letters', 'list')).resolves.toEqual({ code: 0, stdout: 'no dead letters\n', stderr: '' });
    expect(await dataInLanes()).toEqual(['record 0', 'record 1', 'record 3']);
  });

  it('removes those that are named', async () => {
    await fillLane({ records: 3, rejects: [0, 1, 2] });
    const ids = await deadLetterIds();

    await expect(sluice('dead-letters', 'remove', '-y', '--', ids[0]!, ids[2]!)).resolves.toMatchObject({
      code: 0,
      stdout: '2 dead letters removed\n',
    });

    expect(await deadLetterIds()).toEqual([ids[1]]);
    expect(await dataInLanes()).toEqual([]);
  });

  it('changes nothing without a yes, or without knowing what is meant', async () => {
    await fillLane({ records: 1, rejects: [0] });
    const [id] = await deadLetterIds();
    const refusals = await Promise.all([
      sluice('dead-letters', 'remove', '--', id!),
      sluice('dead-letters', 'redrive', '--all'),
      sluice('dead-letters', 'redrive', '--yes'),
      sluice('dead-letters', 'remove', '--yes', 'nobody'),
      sluice('dead-letters', 'remove', '--yes', '--all', '--target', 'output/x'),
    ]);
    expect(refusals.map(({ code, stdout, stderr }) => [code, stdout, /\((\w+)\)\n$/.exec(stderr)?.[1]])).toEqual([
      [1, '', 'NOT_CONFIRMED'],
      [1, '', 'NOT_CONFIRMED'],
      [2, '', 'OPERATOR_INPUT_INVALID'],
      [2, '', 'OPERATOR_INPUT_INVALID'],
      [2, '', 'OPERATOR_INPUT_INVALID'],
    ]);
    expect(await deadLetterIds()).toEqual([id]);
  });
});

describe('sluice shards', () => {
  it('shows each shard with its owner and how far it was handed on', async () => {
    const table = createRedisShardTable(session, {
      key: shardTableKey(keyPrefix, 'com.example/in/orders'),
      group: 'g',
      start: { kind: 'TRIM_HORIZON' },
    });
    const stream = { streamArn: 'arn:aws:kinesis:eu-west-1:1:stream/orders', streamCreatedAtMs: 0 };
    await table.create(stream, [
      { shardId: 'shardId-000000000000', parents: [] },
      { shardId: 'shardId-000000000001', parents: ['shardId-000000000000'] },
    ]);
    await createRedisLeaseStore(session).claim({
      epoch: session.epoch,
      key: table.keyOf('shardId-000000000000'),
      worker: 'worker-a',
      ttlMs: 60_000,
    });

    await expect(sluice('shards')).resolves.toEqual({
      ...{ code: 0, stderr: '' },
      stdout: [
        'com.example/in/orders: 2 shards, 0 records/s (0 B/s)',
        'arn:aws:kinesis:eu-west-1:1:stream/orders',
        'shard                 state       owner     lag  records/s  bytes/s  leased  checkpoint    parents',
        'shardId-000000000000  being read  worker-a    -          0      0 B     1 ×  TRIM_HORIZON',
        'shardId-000000000001  waits       nobody      -          0      0 B     0 ×  TRIM_HORIZON  0',
        '',
      ].join('\n'),
    });
    const [, one] = JSON.parse((await sluice('shards', '--format', 'json')).stdout).streams[0].shards;
    expect(one).toMatchObject({ state: 'waiting', owner: null, lagSeconds: null, leases: 0 });
  });

  it('says so where nothing was ever read', async () => {
    await expect(sluice('shards')).resolves.toEqual({ code: 0, stdout: 'no stream has been read with this Redis yet\n', stderr: '' });
  });
});

describe('sluice workers', () => {
  it('shows who works and why one is not ready', async () => {
    await expect(sluice('workers')).resolves.toMatchObject({ code: 0, stdout: expect.stringContaining('no worker reports to this Redis') });
    const report: WorkerReport = {
      ...{ format: 1, workerId: 'w1', app: 'ingress-worker', release: '0.1.0', host: 'h', pid: 7, startedAtMs: 0, atMs: 60_000 },
      ...{ operationsUrl: 'http://127.0.0.1:1', ready: false, state: 'running', reasons: ['ingress:in is opening'] },
      process: { rssBytes: 1_048_576, heapUsedBytes: 2, cpuShare: 0.5, eventLoopDelayMs: 3 },
      ...{ shards: [], routes: [], egresses: [], functions: [] },
    };
    // A report is there for some seconds only.
    const publish = () => createReportStore(session, keyPrefix).publish(report, []);
    await publish();
    expect((await sluice('workers')).stdout.split('\n')).toEqual([
      '1 worker, 0 ready',
      expect.stringMatching(/^worker {2}program/),
      expect.stringMatching(/^w1 {6}ingress-worker {2}not ready {7}0 {6}- {2}50 % {2}1\.0 MiB {2}3 ms {2}60 s {2}0\.1\.0/),
      'w1 is not ready: ingress:in is opening',
      '',
    ]);
    await publish();
    expect(JSON.parse((await sluice('workers', '--format', 'json')).stdout)).toEqual({ workers: [report] });
  });
});

describe('sluice top', () => {
  it('prints one picture where there is no terminal', async () => {
    await fillLane({ records: 3, blockForMs: 60_000 });
    const { code, stdout, stderr } = await sluice('top');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}0 workers, 1 blocked\nin {3}0 records\/s/);
    expect(stdout).toContain('lane 1 is blocked: throttled');
    const overview = JSON.parse((await sluice('top', '--format', 'json')).stdout);
    expect(overview).toMatchObject({ streams: [], targets: [{ target: TARGET }], workers: [] });
    expect((await sluice('top', '--interval', '0')).code).toBe(2);
  });
});

const sluice = (...args: string[]) => runSluice(args, { env: { SLUICE_REDIS_URL: redis.url, SLUICE_REDIS_PREFIX: keyPrefix } });

const openSender = () => openLaneSender({ session, keyPrefix, target: TARGET, lanes: 2, clock: systemClock });

const record = (index: number): SluiceRecord => ({ partitionKey: 'key-1', data: Buffer.from(`record ${index}`), metadata: {} });

interface Filling {
  readonly records: number;
  /** Records that become dead letters; the others are then acked. */
  readonly rejects?: readonly number[];
  readonly blockForMs?: number;
}

/** Puts a job into lane 1, takes it and gives it back, or rejects some of its records. */
async function fillLane({ records, rejects, blockForMs }: Filling): Promise<void> {
  const sender = await openSender();
  await sender.enqueue([{ lane: 1, records: Array.from({ length: records }, (_, index) => record(index)) }], session.epoch);
  const receiver = await openReceiver(1);
  const { jobs } = await receiver.take(1);
  if (rejects) {
    const reason = { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'too large', details: { limit: 10 } } as const;
    const deadLetters = rejects.map((index) => ({ index, reason }));
    await receiver.settle(jobs.map((job) => ({ job, remaining: [], deadLetters: job === jobs[0] ? deadLetters : [] })));
  } else {
    await receiver.handBack([], {
      reason: { code: 'THROTTLED', disposition: 'retry', message: 'throttled', details: {} },
      ...(blockForMs !== undefined && { blockForMs }),
    });
  }
}

async function openReceiver(lane: number) {
  const key = laneLeaseKey({ keyPrefix, target: TARGET, lane });
  const { epoch } = session;
  const claim = await createRedisLeaseStore(session).claim({ epoch, key, worker: 'worker-a', ttlMs: 60_000 });
  if (claim.outcome !== 'claimed') throw new Error(`lane ${lane} is ${claim.outcome}`);
  const lease = { token: claim.token, epoch };
  const receiver = openLaneReceiver({ session, keyPrefix, target: TARGET, lane, lease, clock: systemClock, logger: silentLogger });
  await receiver.takeOver();
  return receiver;
}

/** What waits in the lanes; all records have one key, so they are in one lane. */
async function dataInLanes(): Promise<string[]> {
  const takes = [];
  for (const lane of [0, 1]) takes.push(await (await openReceiver(lane)).take(10));
  const jobs = takes.flatMap(({ jobs }) => jobs);
  return jobs.flatMap(({ records }) => records.map(({ data }) => Buffer.from(data).toString()));
}

async function deadLetterIds(): Promise<string[]> {
  const { targets } = JSON.parse((await sluice('dead-letters', 'list', '--format', 'json')).stdout);
  return targets[0].deadLetters.map(({ id }: { id: string }) => id);
}
