import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { startRedisServer, until } from '@sluice/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLeaseKeeper, type LeaseKeeper } from './keeper/lease-keeper.ts';
import { moveLease } from './move.ts';
import { freeResource } from './plan/lease-resource.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';

const stack = new AsyncDisposableStack();
let session: RedisSession;

beforeAll(async () => {
  const redis = stack.use(await startRedisServer());
  session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => stack.disposeAsync());

it('moves leases to a worker, where the balance leaves them', async () => {
  const group = randomUUID();
  const keys = Array.from({ length: 4 }, (_, n) => `${group}/${n}`);
  await using ada = keeperOf('ada', group, keys);
  await using bob = keeperOf('bob', group, keys);
  ada.start();
  bob.start();
  const held = (keeper: LeaseKeeper) => keeper.leases.map(({ key }) => key).sort();
  await until('each to have its share', () => ada.leases.length === 2 && bob.leases.length === 2);
  const moved = held(ada);

  for (const key of moved) expect(await moveLease(session, { group, key, worker: 'bob', mustExist: true })).toBe('noted');

  await until('bob to have them', () => moved.every((key) => held(bob).includes(key)));
  // The shares are made equal again with what bob had before.
  await until('each to have its share again', () => ada.leases.length === 2 && bob.leases.length === 2);
  expect(held(bob)).toEqual(moved);
});

it('leaves leases with who has them where an operator wants that', async () => {
  const group = randomUUID();
  const keys = Array.from({ length: 4 }, (_, n) => `${group}/${n}`);
  await using ada = keeperOf('ada', group, keys);
  await using bob = keeperOf('bob', group, keys);
  ada.start();
  await until('one to have all', () => ada.leases.length === 4);
  const kept = keys.slice(0, 2);
  for (const key of kept) expect(await moveLease(session, { group, key, worker: 'ada', mustExist: true })).toBe('noted');
  bob.start();
  await until('the other to have its share', () => bob.leases.length === 2);
  expect(ada.leases.map(({ key }) => key).sort()).toEqual(kept);
});

it('leaves a lease to the others once the worker that it was moved to is gone', async () => {
  const group = randomUUID();
  const [key] = [`${group}/0`];
  await using ada = keeperOf('ada', group, [key]);
  const bob = keeperOf('bob', group, [key]);
  ada.start();
  bob.start();
  await until('one to have it', () => ada.leases.length + bob.leases.length === 1 && ada.members.length === 2 && bob.members.length === 2);
  await moveLease(session, { group, key, worker: 'bob', mustExist: false });
  await until('bob to have it', () => bob.leases.length === 1);
  await bob.stop();
  await until('ada to have it', () => ada.leases.length === 1);
});

it('moves nothing that is not there, or has ended', async () => {
  const [group, key] = [randomUUID(), randomUUID()];
  expect(await moveLease(session, { group, key, worker: 'ada', mustExist: true })).toBe('absent');
  await session.client.hset(key, 'ended', '1:ada');
  expect(await moveLease(session, { group, key, worker: 'ada', mustExist: true })).toBe('ended');
  expect(await session.client.hkeys(key)).toEqual(['ended']);
});

/** A worker that gives back at once what is recalled. */
function keeperOf(worker: string, group: string, keys: readonly string[]): LeaseKeeper {
  const keeper = createLeaseKeeper({
    ...{ store: createRedisLeaseStore(session), group, worker, clock: systemClock, logger: silentLogger },
    ...{ ttlMs: 5_000, intervalMs: 100, settleMs: 200 },
    resources: async () => keys.map(freeResource),
    emit(event) {
      if (event.type === 'lease.recalled') void keeper.release(event.lease, { successor: event.successor });
    },
  });
  return keeper;
}
