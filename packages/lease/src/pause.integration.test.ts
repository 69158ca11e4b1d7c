import { randomUUID } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pauseGroup, readPause, resumeGroup } from './pause.ts';
import { createRedisLeaseStore } from './redis-lease-store.ts';

const stack = new AsyncDisposableStack();
let session: RedisSession;

beforeAll(async () => {
  const redis = stack.use(await startRedisServer());
  session = stack.use(await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock }));
});
afterAll(() => stack.disposeAsync());

it('keeps every lease of the group from being claimed, and tells those who hold one', async () => {
  const store = createRedisLeaseStore(session);
  const [group, key, parent] = [randomUUID(), randomUUID(), randomUUID()];
  const { epoch } = session;
  const claim = (worker: string, ofGroup: string = group) =>
    store.claim({ epoch, key, worker, ttlMs: 60_000, group: ofGroup, after: [parent] });
  const held = await claim('ada');
  if (held.outcome !== 'claimed') throw new Error(held.outcome);
  const pulse = () => store.pulse({ epoch, group, worker: 'ada', ttlMs: 60_000, isMember: true, held: [{ key, token: held.token }] });
  expect(await pulse()).toEqual({ members: ['ada'], leases: ['renewed'] });

  expect(await pauseGroup(session, group, { by: 'me', reason: 'maintenance' })).toBe(false);
  expect(await pauseGroup(session, group, { by: 'you', reason: 'again' })).toBe(true);
  expect(await readPause(session, group)).toEqual({ atMs: expect.closeTo(Date.now(), -5), by: 'me', reason: 'maintenance' });
  // What is held is renewed until it is given back.
  expect(await pulse()).toEqual({ members: ['ada'], leases: ['renewed'], isPaused: true });
  await store.release({ epoch, group, key, token: held.token });
  expect(await claim('ada')).toEqual({ outcome: 'paused' });
  expect(await claim('ada', 'another group')).toMatchObject({ outcome: 'claimed' });

  expect([await resumeGroup(session, group), await resumeGroup(session, group)]).toEqual([true, false]);
  expect(await readPause(session, group)).toBeUndefined();
  expect(await claim('ada')).toMatchObject({ outcome: 'claimed' });
});
