import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SluiceRecord, silentLogger, systemClock } from '@sluice/core';
import { delayedKeys, type RedisSession } from '@sluice/redis';
import { type RedisServer, startRedisServer, until } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import type { Operation } from '../effects/lane-effects.ts';
import { auditLane } from '../lanes/audit-lane.ts';
import type { LaneReceiver } from '../receiver/lane-receiver.ts';
import { connectTo, takeLane, textsOf } from '../testing/fixtures.ts';
import { delivered } from '../testing/settlements.ts';
import { useRedis } from '../testing/use-redis.ts';
import { fireDelayed, readDelayed } from './delayed-messages.ts';

let session: RedisSession;
let target: string;
useRedis('delayed', (it) => {
  ({ session, target } = it);
});

describe('delayed messages', () => {
  it('go to their lanes when they are due by the clock of Redis, never before, and then only once', async () => {
    const lane = await takeLane(session, { target, lane: 0 });
    await lane.settle([], effects(later('soon', 120), later('late', 3_600_000)));
    const dueMs = (await readDelayed(session)).nextDueMs!;
    for (let fired = 0; fired === 0; ) {
      const before = await redisNow();
      fired = (await fire()).fired;
      const after = await redisNow();
      expect(fired === 1 ? after >= dueMs : before < dueMs, 'neither early nor left behind').toBe(true);
    }
    expect(await drain(lane)).toEqual(['soon']);
    const rest = await fire();
    expect(rest.fired).toBe(0);
    expect(rest.nextInMs).toBeGreaterThan(3_000_000);
    expect(await readDelayed(session)).toEqual({ count: 1, nextDueMs: expect.any(Number), targets: new Map([[target, 1]]) });
    await clear();
  });

  it('that are due go as one job a lane, in the order in which they are due, then in that in which they were sent', async () => {
    const lane = await takeLane(session, { target, lane: 0 });
    await lane.settle([], effects(...[3, 1, 2, 1, 3, 0].map((delayMs, index) => later(`${delayMs} ${index}`, delayMs))));
    const made = await redisNow();
    await until('the last to be due', async () => (await redisNow()) > made + 3);
    expect(await fire()).toEqual({ fired: 6, nextInMs: undefined });
    const { jobs } = await lane.take(50);
    expect(jobs.map(({ records }) => textsOf(records))).toEqual([['0 5', '1 1', '1 3', '2 2', '3 0', '3 4']]);
    expect(await auditLane(session, { target, lane: 0 }, silentLogger)).toMatchObject({ drift: { records: 0, bytes: 0 }, records: 6 });
  });

  it('keep to the limits of a job, and say that more are due than one call moves', async () => {
    const lane = await takeLane(session, { target, lane: 0 });
    const large = 'x'.repeat(600 * 1_024);
    await lane.settle([], effects(...Array.from({ length: 9 }, () => later(large, 0))));
    await until('messages to be sent', async () => (await fire()).nextInMs === 0);
    await until('messages to be sent', async () => (await fire()).nextInMs === undefined);
    expect((await lane.take(50)).jobs).toHaveLength(9);
    const many = Array.from({ length: 1_200 }, (_, index) => later(String(index), 0));
    await lane.settle([], effects(...many));
    await until('messages to be sent', async () => (await fire()).nextInMs === undefined);
    const { jobs } = await lane.take(50);
    expect(jobs.flatMap(({ records }) => textsOf(records))).toEqual(many.map((_, index) => String(index)));
    expect(Math.max(...jobs.map(({ records }) => records.length))).toBe(500);
  });

  it('free their token when they are sent and when they are cancelled', async () => {
    const lane = await takeLane(session, { target, lane: 0 });
    const first = later('first', 0, 't');
    await lane.settle([], effects(first));
    await until('messages to be sent', async () => (await fire()).fired === 1);
    await lane.settle([], effects(later('second', 3_600_000, 't')));
    await expect(lane.settle([], effects(first))).rejects.toMatchObject({ code: 'GUARD_FAILED', failed: 'token', index: 0 });
    await lane.settle([], effects({ type: 'cancel', sender: target, token: 't' }));
    await lane.settle([], effects(later('third', 0, 't')));
    await until('messages to be sent', async () => (await fire()).fired === 1);
    expect(await drain(lane)).toEqual(['first', 'third']);
    const { client } = session;
    const { due, messages, tokens, counts } = delayedKeys();
    expect(await client.exists(due, messages, tokens, counts)).toBe(0);
  });

  it('are sent once where several processes send at the same time', async () => {
    const lane = await takeLane(session, { target, lane: 0 });
    await lane.settle([], effects(...Array.from({ length: 300 }, (_, index) => later(String(index), 0))));
    await until('messages to be sent', async () =>
      (await Promise.all([fire(), fire(), fire()])).every(({ nextInMs }) => nextInMs === undefined),
    );
    expect(await drain(lane)).toEqual(Array.from({ length: 300 }, (_, index) => String(index)));
  });

  it('survive a Redis that is stopped, and one that is killed; those that are late come at once, each once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sluice-delayed-'));
    const options = { directory, extraArguments: ['--appendfsync', 'always'] };
    let redis: RedisServer = await startRedisServer(options);
    const { port } = redis;
    try {
      await using other = await connectTo(redis.url);
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        const lane = await takeLane(other, { target, lane: 0 });
        const texts = Array.from({ length: 20 }, (_, index) => `${signal}-${index}`);
        await lane.settle([], effects(...texts.map((text, index) => later(text, 30 * index, text)), later('far', 3_600_000, signal)));
        await fire(other);
        await redis.stop(signal);
        redis = await startRedisServer({ ...options, port });
        await until('Redis', () => other.isReady);
        const far = signal === 'SIGTERM' ? 1 : 2;
        await until('messages to be sent', async () => {
          await fire(other);
          return (await readDelayed(other)).count === far;
        });
        const heir = await takeLane(other, { target, lane: 0 });
        expect(await drain(heir)).toEqual(texts);
        await heir.settle([], effects(...texts.map((text) => later('again', 3_600_000, text))));
        await heir.settle([], effects(...texts.map((text) => ({ type: 'cancel', sender: target, token: text }) as const)));
      }
      expect((await readDelayed(other)).count).toBe(2);
    } finally {
      await redis[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

const fire = (of: RedisSession = session) => fireDelayed(of, { clock: systemClock, epoch: of.epoch });
const recordOf = (text: string): SluiceRecord => ({ partitionKey: 'k', data: Buffer.from(text), metadata: {} });
const later = (text: string, delayMs: number, token?: string) =>
  ({ type: 'delay', target, lanes: 1, record: recordOf(text), delayMs, sender: target, token }) as const;
const effects = (...operations: readonly Operation[]) => ({ guards: [], operations });
const clear = () => session.client.del(...Object.values(delayedKeys()));

async function drain(lane: LaneReceiver): Promise<string[]> {
  const { jobs } = await lane.take(100);
  await lane.settle(delivered(jobs));
  return jobs.flatMap(({ records }) => textsOf(records));
}

async function redisNow(): Promise<number> {
  const [seconds, micros] = await session.client.time();
  return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
}
