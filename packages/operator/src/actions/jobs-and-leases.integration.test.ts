import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { createRedisLeaseStore, createRedisShardTable, sourceName } from '@sluice/lease';
import { examineStoredJob, openLaneSender, readLaneCounts } from '@sluice/queue';
import { connectRedis, laneKeys, laneLeaseKey, type RedisSession, readerGroupKey, shardTableKey, writerGroupKey } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Operator } from '../operator.ts';
import { performAction } from './perform-action.ts';

const TARGET = 'output/orders';
const SHARD = 'shardId-000000000000';
const SEQUENCE = '49590338271490256608559692538361571095921575989136588898';
let redis: Awaited<ReturnType<typeof startRedisServer>>;
let session: RedisSession;
let operator: Operator;
let keyPrefix: string;

beforeAll(async () => {
  redis = await startRedisServer();
  session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(async () => {
  keyPrefix = `test-${randomUUID()}`;
  operator = { session, keyPrefix };
});

const perform = (name: string, input: unknown, options = {}) => performAction(operator, name, input, { by: 'ada', ...options });

describe('jobs.drop', () => {
  it('says what is lost and how it can be read again, and drops it', async () => {
    await fill();
    const { data } = (await examineStoredJob(session, { keyPrefix, target: TARGET, lane: 1 }, '1'))!;
    await session.client.hdel(laneKeys({ keyPrefix, target: TARGET, lane: 1 }).payloads, data!.payload);
    const input = { target: TARGET, lane: 1, job: '1' };

    const { plan } = await perform('jobs.drop', input, { dryRun: true });
    expect(plan.lines).toEqual([
      `drop job 1 of lane 1 of ${TARGET}, payload missing: 1 record is lost to ${TARGET}`,
      `  from input/in in ${SHARD}, sequence numbers ${SEQUENCE} to ${SEQUENCE}`,
      expect.stringMatching(/^ {2}enqueued at 20/),
    ]);
    expect(plan.facts).toMatchObject({ records: 1, source: { shardId: SHARD, first: SEQUENCE } });
    const { lines } = await perform('jobs.drop', input);
    expect(lines.slice(2).map((line) => line.trim())).toEqual([
      `sluice tail in --shard ${SHARD} --from at:${SEQUENCE} --to ${SEQUENCE}`,
      `sluice rewind input/in --stream in --shard ${SHARD} --to at:${SEQUENCE}`,
    ]);
    expect((await readLaneCounts(session, { keyPrefix, target: TARGET }))[1]).toMatchObject({ waiting: 0, records: 0, bytes: 0 });
  });

  it('counts a lane again whose job had no data', async () => {
    await fill();
    const { jobPrefix } = laneKeys({ keyPrefix, target: TARGET, lane: 1 });
    await session.client.del(`${jobPrefix}1`);
    const { plan } = await perform('jobs.drop', { target: TARGET, lane: 1, job: '1' });
    expect(plan.lines[0]).toContain('data unreadable: what it held is not known and lost');
    expect((await readLaneCounts(session, { keyPrefix, target: TARGET }))[1]).toMatchObject({ waiting: 0, records: 0, bytes: 0 });
  });

  it('keeps what can be delivered, and says what is not there', async () => {
    await fill();
    const drop = (target: string, lane: number, job: string) => perform('jobs.drop', { target, lane, job });
    await expect(drop(TARGET, 1, '1')).rejects.toThrow('expected a job that cannot be read, found 1, whose records can be delivered');
    await expect(drop(TARGET, 1, '2')).rejects.toThrow('found 2, which it does not have');
    await expect(drop(TARGET, 2, '1')).rejects.toThrow(`expected a lane of ${TARGET}, 0 to 1, found 2`);
    await expect(drop('output/x', 0, '1')).rejects.toThrow('expected a target of this Redis, found output/x');
  });
});

describe('move', () => {
  it('notes where a shard or a lane shall be, and waits for it', async () => {
    await fill();
    const table = await readShard('input/in/in');
    await join(readerGroupKey(keyPrefix, 'input/in'), 'ingress-a', 'ingress-b');
    await join(writerGroupKey(keyPrefix, TARGET), 'egress-a');
    await claim(table.keyOf(SHARD), 'ingress-a');
    await claim(laneLeaseKey({ keyPrefix, target: TARGET, lane: 1 }), 'egress-a');

    const moved = await perform('move', { name: SHARD, to: 'ingress-b', timeoutMs: 1 });
    expect(moved.plan.facts).toEqual({ kind: 'shard', from: 'ingress-a', to: 'ingress-b' });
    expect(moved.lines[0]).toContain('is still with ingress-a');
    const [row] = await createRedisLeaseStore(session).survey(session.epoch, [table.keyOf(SHARD)]);
    expect(row).toMatchObject({ worker: 'ingress-a', movedTo: 'ingress-b' });
  });

  it('keeps a lane where it is', async () => {
    await fill();
    await join(writerGroupKey(keyPrefix, TARGET), 'egress-a');
    const key = laneLeaseKey({ keyPrefix, target: TARGET, lane: 1 });
    await claim(key, 'egress-a');
    const kept = await perform('move', { name: `${TARGET}/1`, to: 'egress' });
    expect(kept.plan.lines[0]).toBe(`keep lane ${TARGET}/1 with egress-a, which has it`);
    expect(kept.lines).toEqual([`lane ${TARGET}/1 is with egress-a`]);
    const [row] = await createRedisLeaseStore(session).survey(session.epoch, [key]);
    expect(row).toMatchObject({ worker: 'egress-a', movedTo: 'egress-a' });
  });

  it('refuses a worker that is not there, and a name that means nothing or too much', async () => {
    await fill();
    await readShard('input/in/in');
    await readShard('input/in/other');
    await join(readerGroupKey(keyPrefix, 'input/in'), 'ingress-a', 'ingress-b');
    const move = (name: string, to: string) => perform('move', { name, to, timeoutMs: 1 });
    await expect(move(`input/in/in/${SHARD}`, 'nobody')).rejects.toThrow('found nobody; there are ingress-a, ingress-b');
    await expect(move(`input/in/in/${SHARD}`, 'ingress')).rejects.toThrow('which several ids begin with');
    await expect(move(`${TARGET}/1`, 'egress')).rejects.toThrow('there is none');
    await expect(move(SHARD, 'ingress-a')).rejects.toThrow(
      `found 2 that are called ${SHARD}: input/in/in/${SHARD}, input/in/other/${SHARD}`,
    );
    await expect(move(`${TARGET}/7`, 'egress')).rejects.toMatchObject({ code: 'OPERATOR_INPUT_INVALID' });
  });
});

/** One record into lane 1. */
async function fill(): Promise<void> {
  const sender = await openLaneSender({ session, keyPrefix, target: TARGET, lanes: 2, clock: systemClock });
  const stream = sourceName('input/in', 'in', 0);
  const position = { sequenceNumber: SEQUENCE, subSequenceNumber: 0 };
  const origin = { stream: 'in', shardId: SHARD, arrivalTimeMs: 0, ...position };
  const source = { stream, shardId: SHARD, token: { number: 1, owner: 'me' }, first: position, last: position };
  await sender.enqueue(
    [{ lane: 1, records: [{ partitionKey: 'k', data: Buffer.from('x'), metadata: {}, origin }], source }],
    session.epoch,
  );
}

async function readShard(source: string) {
  const table = createRedisShardTable(session, { key: shardTableKey(keyPrefix, source), group: 'g', start: { kind: 'TRIM_HORIZON' } });
  await table.create({ streamArn: 'arn', streamCreatedAtMs: 0 }, [{ shardId: SHARD, parents: [] }]);
  return table;
}

const join = (group: string, ...workers: string[]) =>
  session.client.zadd(group, ...workers.flatMap((worker) => [String(Date.now() + 60_000), worker]));

const claim = (key: string, worker: string) => createRedisLeaseStore(session).claim({ epoch: session.epoch, key, worker, ttlMs: 60_000 });
