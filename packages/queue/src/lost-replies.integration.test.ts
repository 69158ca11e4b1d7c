/**
 * A command whose reply is lost may have been executed. Here each command of a lane is, and is not, and its connection breaks; then its
 * caller does what callers do: connects again, claims the lease anew, takes over and goes on from what Redis says.
 */
import { type ErrorReport, silentLogger, systemClock } from '@sluice/core';
import { deadLetterKeys, laneKeys, type RedisSession } from '@sluice/redis';
import { type RedisProxy, startRedisProxy } from '@sluice/redis/testing';
import { type RedisServer, startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { countDeadLetters, listDeadLetters } from './dead-letters/dead-letters.ts';
import { auditLane } from './lanes/audit-lane.ts';
import type { LaneReceiver } from './receiver/lane-receiver.ts';
import { openLaneSender } from './sender/lane-sender.ts';
import { batchOf, connectTo, takeLane, textsOf } from './testing/fixtures.ts';
import { delivered, drain, rejected } from './testing/settlements.ts';

let redis: RedisServer;
let proxy: RedisProxy;
/** Through the proxy. */
let session: RedisSession;
/** Not through the proxy. */
let observer: RedisSession;
let target: string;
let tests = 0;
beforeAll(async () => {
  redis = await startRedisServer();
  proxy = await startRedisProxy(redis.url);
  session = await connectTo(proxy.url);
  observer = await connectTo(redis.url);
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await observer[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
});
beforeEach(() => {
  tests += 1;
  target = `lost-${tests}`;
});

describe.each(['dropNextReply', 'dropNextRequest'] as const)('after %s', (drop) => {
  const isExecuted = drop === 'dropNextReply';

  /** Breaks the connection at the command that holds `containing`, and waits for the next connection. */
  async function breakAt(containing: string, command: () => Promise<unknown>): Promise<void> {
    const ready = Promise.withResolvers<void>();
    const stop = session.onReady(() => ready.resolve());
    const dropped = proxy[drop](containing);
    await expect(command()).rejects.toMatchObject({ disposition: 'retry' });
    await dropped;
    await ready.promise;
    stop();
  }

  it('an enqueue is made again, and everything is delivered once', async () => {
    const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
    const token = { number: 2, owner: 'next epoch' };
    await sender.enqueue([batchOf([1, 2])], session.epoch);
    await breakAt(keys().jobPrefix, () => sender.enqueue([batchOf([3, 4])], session.epoch));
    // A reader begins again at its checkpoint, under a new lease, with pages that end elsewhere.
    await sender.enqueue([batchOf([3, 4, 5], { token })], session.epoch);
    await sender.enqueue([batchOf([6], { token })], session.epoch);

    expect(await drain(await takeLane(session, address()))).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(await audit()).toEqual({ records: 0, bytes: 0, drift: { records: 0, bytes: 0 }, orphansRemoved: 0, jobsWithoutPayload: [] });
  });

  it('a take is undone by the take-over', async () => {
    const lane = await lanesWith(3);
    await breakAt(keys().state, () => lane.take(2));
    expect(await observer.client.llen(keys().active)).toBe(isExecuted ? 2 : 0);
    await expectRest(['1', '2', '3']);
  });

  it('a take is undone where the payloads did not come', async () => {
    const lane = await lanesWith(3);
    await breakAt(keys().payloads, () => lane.take(2));
    await expectRest(['1', '2', '3']);
  });

  it('an ack holds if it was executed, and only then', async () => {
    const lane = await lanesWith(3);
    const { jobs } = await lane.take(3);
    await breakAt(keys().acked, () => lane.settle(delivered([jobs[1]!])));
    await expectRest(isExecuted ? ['1', '3'] : ['1', '2', '3']);
  });

  it('an ack of several jobs is whole or not at all', async () => {
    const lane = await lanesWith(4);
    const { jobs } = await lane.take(4);
    await breakAt(keys().acked, () => lane.settle(delivered(jobs.slice(0, 3))));
    await expectRest(isExecuted ? ['4'] : ['1', '2', '3', '4']);
  });

  it('a hand-back has left its marks if it was executed; the order is kept anyhow', async () => {
    const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
    await sender.enqueue([batchOf([1, 2, 3])], session.epoch);
    await sender.enqueue([batchOf([4])], session.epoch);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(2);
    await breakAt(keys().state, () => lane.handBack([{ job: jobs[0]!, remaining: [2] }], { reason: REASON }));
    await expectRest(isExecuted ? ['3', '4'] : ['1', '2', '3', '4']);
  });

  it('a take-over is made again', async () => {
    const dead = await lanesWith(3);
    await dead.take(2);
    const lane = await takeLane(session, address());
    await lane.take(3);
    await breakAt(keys().state, () => lane.takeOver());
    await expectRest(['1', '2', '3']);
  });

  it('a dead letter is stored once, and its record is resolved exactly if it is', async () => {
    const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
    await sender.enqueue([batchOf([1, 2, 3])], session.epoch);
    const lane = await takeLane(session, address());
    const { jobs } = await lane.take(1);
    await breakAt(deadLetterKeys({ target }).failed, () => lane.settle([rejected(jobs[0]!, [{ index: 1, reason: REASON }])]));
    const heir = await takeLane(session, address());
    expect(await countDeadLetters(session, { target })).toBe(isExecuted ? 1 : 0);

    const again = await heir.take(1);
    expect(textsOf(again.jobs[0]!.records)).toEqual(isExecuted ? ['1', '3'] : ['1', '2', '3']);
    await heir.settle([rejected(again.jobs[0]!, [{ index: isExecuted ? 0 : 1, reason: REASON }])]);
    await heir.settle(delivered(again.jobs));
    expect((await listDeadLetters(session, { target })).map(({ partitionKey }) => partitionKey)).toEqual(
      isExecuted ? ['key-1', 'key-2'] : ['key-2'],
    );
    await expectRest([]);
  });
});

const REASON: ErrorReport = { code: 'TOO_LARGE', disposition: 'reject', message: 'too large', details: {} };

const address = () => ({ target, lane: 0 });
const keys = () => laneKeys(address());
const audit = () => auditLane(observer, address(), silentLogger);

/** A lane with jobs of one record each, and its owner. */
async function lanesWith(jobs: number): Promise<LaneReceiver> {
  const sender = await openLaneSender({ session, target, lanes: 1, clock: systemClock });
  for (let position = 1; position <= jobs; position++) await sender.enqueue([batchOf([position])], session.epoch);
  return takeLane(session, address());
}

/** A new owner gets exactly this, and leaves nothing behind. */
async function expectRest(texts: readonly string[]): Promise<void> {
  expect(await drain(await takeLane(session, address()))).toEqual(texts);
  expect(await audit()).toEqual({ records: 0, bytes: 0, drift: { records: 0, bytes: 0 }, orphansRemoved: 0, jobsWithoutPayload: [] });
  expect(await observer.client.hlen(keys().acked)).toBe(0);
}
