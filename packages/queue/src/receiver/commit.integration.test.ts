import { type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { LeaseLostError } from '@sluice/lease';
import { delayedKeys, laneKeys, type RedisSession, targetsKey } from '@sluice/redis';
import { describe, expect, it, vi } from 'vitest';
import type { Operation } from '../effects/lane-effects.ts';
import { auditLane } from '../lanes/audit-lane.ts';
import { laneOf } from '../lanes/lane-of.ts';
import { openLaneSender } from '../sender/lane-sender.ts';
import { batchOf, ownLane, takeLane, textsOf } from '../testing/fixtures.ts';
import { useRedis } from '../testing/use-redis.ts';

let session: RedisSession;
let target: string;
useRedis('commit', (it) => {
  ({ session, target } = it);
});

describe('a commit', () => {
  it('is one round trip once the lanes of its targets are known', async () => {
    const lane = await laneWith(2);
    const { jobs } = await lane.take(2);
    await lane.settle([settled(jobs[0]!)], effects(send('a')));
    const sent = vi.spyOn(session.client, 'sendCommand');
    await lane.settle([settled(jobs[1]!)], effects(send('b'), later('c'), { type: 'command', command: ['HSET', `${target}:h`, 'f', 'v'] }));
    expect(sent.mock.calls.map(([{ name }]) => name.replace('evalsha', 'eval'))).toEqual(['eval']);
    sent.mockRestore();
  });

  it('sends to one lane in order as one job, and as several where the limits of a job ask for it', async () => {
    const lane = await laneWith(1);
    const { jobs } = await lane.take(1);
    const [other, lanes] = [`${target}-other`, 4];
    const records = Array.from({ length: 1_300 }, (_, index) => recordOf(`key-${index % 7}`, String(index)));
    const half = (from: number, to: number) => ({ type: 'send', target: other, lanes, records: records.slice(from, to) }) as const;
    await lane.settle([settled(jobs[0]!)], effects(half(0, 700), half(700, 1_300)));
    for (let index = 0; index < lanes; index++) {
      const expected = records.filter(({ partitionKey }) => laneOf(partitionKey, lanes) === index);
      const taken = await (await takeLane(session, { target: other, lane: index })).take(10);
      expect(taken.jobs.flatMap((job) => textsOf(job.records))).toEqual(textsOf(expected));
      expect(taken.jobs).toHaveLength(Math.ceil(expected.length / 500));
      const audit = await auditLane(session, { target: other, lane: index }, silentLogger);
      expect(audit).toMatchObject({ records: expected.length, drift: { records: 0, bytes: 0 }, orphansRemoved: 0, jobsWithoutPayload: [] });
    }
  });

  it('sends to its own lane behind what waits there', async () => {
    const lane = await laneWith(2);
    const { jobs } = await lane.take(1);
    await lane.settle([settled(jobs[0]!)], effects({ type: 'send', target, lanes: 1, records: [recordOf('k', 'own')] }));
    expect((await lane.take(5)).jobs.map(({ records }) => textsOf(records))).toEqual([['2'], ['own']]);
  });

  it('of a former owner changes nothing', async () => {
    const stale = await laneWith(1);
    const { jobs } = await stale.take(1);
    await ownLane(session, { target, lane: 0 });
    const before = await snapshot();
    await expect(stale.settle([settled(jobs[0]!)], effects(send('a'), later('b')))).rejects.toBeInstanceOf(LeaseLostError);
    expect(await snapshot()).toEqual(before);
  });

  it.each<[string, (key: string) => readonly Operation[], (key: string) => Promise<unknown>]>([
    ['the key of a command', (key) => [send('a'), command('HSET', key, 'f', 'v')], (key) => session.client.set(key, 'x')],
    [
      'the key of a list',
      (key) => [command('HSET', `${key}2`, 'f', 'v'), command('RPUSH', key, 'v')],
      (key) => session.client.set(key, 'x'),
    ],
    ['a number', (key) => [send('a'), command('HINCRBY', key, 'n', 1)], (key) => session.client.hset(key, 'n', 'x')],
    [
      'the lane it sends to',
      () => [later('b'), send('a')],
      () => session.client.set(laneKeys({ target: toTarget(), lane: 0 }).payloads, 'x'),
    ],
    ['a gauge', () => [later('b'), send('a')], () => session.client.hset(laneKeys({ target: toTarget(), lane: 0 }).gauge, 'bytes', 'x')],
    ['what it settles', () => [send('a'), later('b')], () => session.client.set(laneKeys({ target, lane: 0 }).acked, 'x')],
    ['delayed messages', () => [send('a'), later('b')], () => session.client.set(delayedKeys().tokens, 'x')],
  ])('writes nothing where %s is of another kind than it must be', async (_, operations, damage) => {
    const lane = await laneWith(1);
    const { jobs } = await lane.take(1);
    await session.client.del(...Object.values(delayedKeys()));
    await openLaneSender({ session, target: toTarget(), lanes: 1, clock: systemClock });
    await damage(`${target}:damaged`);
    const before = await snapshot();
    await expect(lane.settle([settled(jobs[0]!)], effects(...operations(`${target}:damaged`)))).rejects.toMatchObject({
      code: 'REDIS_COMMAND_FAILED',
    });
    expect(await snapshot()).toEqual(before);
    await session.client.del(...Object.values(delayedKeys()));
  });

  it('that was refused leaves the lane to go on, but for a job that is not in hand: then it must be taken over', async () => {
    const lane = await laneWith(3);
    const { jobs } = await lane.take(1);
    await expect(
      lane.settle([settled(jobs[0]!)], { guards: [{ key: 'x', field: 'y', expected: 'z' }], operations: [] }),
    ).rejects.toMatchObject({
      code: 'GUARD_FAILED',
    });
    expect((await lane.take(1)).jobs).toHaveLength(1);
    await session.client.lrem(laneKeys({ target, lane: 0 }).active, 1, '1');
    await expect(lane.settle([settled(jobs[0]!)], effects(send('a')))).rejects.toMatchObject({ code: 'STALE_JOB' });
    await expect(lane.take(1)).rejects.toMatchObject({ code: 'LANE_DISTURBED' });
  });

  it('adds the time of Redis where a command asks for it', async () => {
    const lane = await laneWith(0);
    const before = await redisNow();
    await lane.settle([], effects({ type: 'command', command: ['HSET', `${target}:h`, 'at', 5_000], addNowTo: 3 }));
    const at = Number(await session.client.hget(`${target}:h`, 'at'));
    expect(at).toBeGreaterThanOrEqual(before + 5_000);
    expect(at).toBeLessThanOrEqual((await redisNow()) + 5_000);
  });

  it('refuses before it is sent what could only fail', async () => {
    const lane = await laneWith(0);
    const attempts = [
      command('FLUSHALL' as 'DEL', 'x'),
      { type: 'cancel', sender: 'me', token: '' },
      { ...later('x'), delayMs: -1 },
      { ...later('x'), record: { ...recordOf('k', 'x'), stream: 'orders' } },
    ] as const;
    for (const operation of attempts) await expect(lane.settle([], effects(operation))).rejects.toThrow(/^expected /);
    await lane.settle([], effects());
  });

  it('refuses a target that has another number of lanes', async () => {
    const lane = await laneWith(1);
    const { jobs } = await lane.take(1);
    await openLaneSender({ session, target: toTarget(), lanes: 2, clock: systemClock });
    await expect(lane.settle([settled(jobs[0]!)], effects(send('a')))).rejects.toMatchObject({ code: 'LANE_COUNT_MISMATCH' });
    expect(lane.jobsInHand).toBe(1);
  });
});

const toTarget = () => `${target}-to`;
const recordOf = (partitionKey: string, text: string): SluiceRecord => ({ partitionKey, data: Buffer.from(text), metadata: {} });
const send = (text: string) => ({ type: 'send', target: toTarget(), lanes: 1, records: [recordOf('k', text)] }) as const;
const later = (text: string) =>
  ({ type: 'delay', target: toTarget(), lanes: 1, record: recordOf('k', text), delayMs: 60_000, sender: target, token: text }) as const;
const command = (...words: Extract<Operation, { type: 'command' }>['command']) => ({ type: 'command', command: words }) as const;
const effects = (...operations: readonly Operation[]) => ({ guards: [], operations });
const settled = <Job>(job: Job) => ({ job, remaining: [], deadLetters: [] });

/** A lane with so many jobs of one record each, and its owner. */
async function laneWith(jobs: number) {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  for (let position = 1; position <= jobs; position++) await sender.enqueue([batchOf([position])], session.epoch);
  return takeLane(session, { target, lane: 0 });
}

async function redisNow(): Promise<number> {
  const [seconds, micros] = await session.client.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}

/** All that Redis holds but the numbers of lanes, which are recorded before a commit. */
async function snapshot(): Promise<Record<string, string>> {
  const keys = (await session.client.keys('*')).filter((key) => key !== targetsKey()).toSorted();
  return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, (await session.client.dump(key)) ?? '']))) as Record<
    string,
    string
  >;
}
