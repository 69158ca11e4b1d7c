import { describe, expect, it } from 'vitest';
import type { FencingToken } from '../fencing-token.ts';
import type { ClaimAnswer, LeaseStore } from '../lease-store.ts';
import type { LeaseHarness } from './lease-harness.ts';

/** So long that the time which a slow machine takes between two steps counts for nothing. */
const TTL_MS = 60_000;

/** What every store of leases must do, each step also when it is made again because its answer was lost. */
export function describeLeaseStore(name: string, harness: () => LeaseHarness): void {
  describe(`lease store: ${name}`, () => {
    it('gives a lease to one worker, with what stands in its row, and says to others how long it lasts', async () => {
      const { ada, bob, key } = await twoWorkers();
      const claimed = await ada.claim(key);
      expect(claimed).toMatchObject({ outcome: 'claimed', token: { number: 1 }, facts: { worker: 'ada', token: '1' } });
      const refused = await bob.claim(key);
      expect(refused).toEqual({ outcome: 'held', worker: 'ada', remainingMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= TTL_MS) });
    });

    it('claims again under a higher number, so that a claim whose answer was lost is void', async () => {
      const { ada, key } = await twoWorkers();
      const lost = tokenOf(await ada.claim(key));
      const second = tokenOf(await ada.claim(key));
      expect([lost.number, second.number]).toEqual([1, 2]);
      expect(await ada.pulse([{ key, token: lost }])).toMatchObject({ leases: ['lost'] });
      expect(await ada.pulse([{ key, token: second }])).toMatchObject({ leases: ['renewed'] });
    });

    it('lets an expired lease go to another, and fences the first owner', async () => {
      const { ada, bob, key } = await twoWorkers();
      const first = tokenOf(await ada.claim(key));
      await harness().wait(TTL_MS + 20);
      expect(await bob.survey([key])).toEqual([{ key, state: 'free', worker: '', remainingMs: 0 }]);
      const second = tokenOf(await bob.claim(key));
      expect(second.number).toBe(2);
      expect(await ada.pulse([{ key, token: first }])).toMatchObject({ leases: ['lost'] });
      await ada.release(key, first);
      expect(await ada.survey([key])).toMatchObject([{ state: 'held', worker: 'bob' }]);
    });

    it('renews many leases at once, and only those that are still the worker’s', async () => {
      const { ada, bob, key } = await twoWorkers();
      const keys = [`${key}-1`, `${key}-2`, `${key}-3`];
      const held = await Promise.all(keys.map(async (each) => ({ key: each, token: tokenOf(await ada.claim(each)) })));
      await ada.release(keys[1]!, held[1]!.token);
      await bob.claim(keys[1]!);
      await harness().wait(TTL_MS / 2);
      expect(await ada.pulse(held)).toEqual({ members: ['ada'], leases: ['renewed', 'lost', 'renewed'] });
      await harness().wait(TTL_MS * 0.7);
      expect((await ada.survey(keys)).map(({ state }) => state)).toEqual(['held', 'free', 'held']);
    });

    it('keeps what a holder measured of its row, also for the next one, and takes it from nobody else', async () => {
      const { ada, bob, key } = await twoWorkers();
      const first = tokenOf(await ada.claim(key));
      await ada.reportLoads([{ key, token: first, load: 700 }]);
      await ada.reportLoads([{ key, token: first, load: 700 }]);
      expect(await bob.survey([key])).toMatchObject([{ state: 'held', load: 700 }]);
      await ada.release(key, first);
      const second = tokenOf(await bob.claim(key));
      await ada.reportLoads([{ key, token: first, load: 1 }]);
      expect(await ada.survey([key])).toMatchObject([{ worker: 'bob', load: 700 }]);
      await bob.reportLoads([{ key, token: second, load: 5 }]);
      expect(await ada.survey([key])).toMatchObject([{ load: 5 }]);
    });

    it('keeps the number of a released row, and a second release changes nothing', async () => {
      const { ada, bob, key } = await twoWorkers();
      const first = tokenOf(await ada.claim(key));
      await ada.release(key, first);
      await ada.release(key, first);
      expect(await bob.survey([key])).toEqual([{ key, state: 'free', worker: '', remainingMs: 0 }]);
      expect(tokenOf(await bob.claim(key)).number).toBe(2);
      await ada.release(key, first);
      expect(await ada.survey([key])).toMatchObject([{ state: 'held', worker: 'bob' }]);
    });

    it('leaves a row to the named successor for a moment', async () => {
      const { ada, bob, key } = await twoWorkers();
      await ada.release(key, tokenOf(await ada.claim(key)), 'bob');
      expect(await ada.claim(key)).toMatchObject({ outcome: 'reserved', worker: 'bob' });
      expect(await ada.survey([key])).toMatchObject([{ state: 'reserved', worker: 'bob' }]);
      expect(await bob.claim(key)).toMatchObject({ outcome: 'claimed', token: { number: 2 } });
    });

    it('forgets the successor once the row was claimed', async () => {
      const { ada, bob, key } = await twoWorkers();
      await ada.release(key, tokenOf(await ada.claim(key)), 'bob');
      await bob.release(key, tokenOf(await bob.claim(key)));
      expect(await ada.claim(key)).toMatchObject({ outcome: 'claimed', token: { number: 3 } });
    });

    it('refuses a row that must exist and does not, and makes none', async () => {
      const { ada, key } = await twoWorkers();
      expect(await ada.claim(key, { mustExist: true })).toEqual({ outcome: 'absent' });
      expect(await ada.survey([key])).toEqual([{ key, state: 'absent', worker: '', remainingMs: 0 }]);
    });

    it('refuses a row while one before it has not ended', async () => {
      const { ada, key } = await twoWorkers();
      const parent = `${key}-parent`;
      expect(await ada.claim(key, { after: [`${key}-unknown`] })).toMatchObject({ outcome: 'claimed' });
      await ada.claim(parent);
      expect(await ada.claim(`${key}-child`, { after: [parent] })).toEqual({ outcome: 'waiting', waitsFor: parent });
    });

    it('counts workers as members until they fall silent or leave', async () => {
      const { ada, bob } = await twoWorkers();
      expect(await bob.pulse([])).toEqual({ members: ['bob'], leases: [] });
      expect(await ada.pulse([])).toMatchObject({ members: ['ada', 'bob'], leases: [] });
      await harness().wait(TTL_MS / 2);
      await ada.pulse([]);
      await harness().wait(TTL_MS * 0.7);
      expect(await ada.pulse([])).toMatchObject({ members: ['ada'] });
      await bob.pulse([]);
      await bob.leave();
      await bob.leave();
      expect(await ada.pulse([])).toMatchObject({ members: ['ada'] });
    });

    it('says how long the other members are some at least, whichever of them comes first', async () => {
      const { ada, bob, join } = await twoWorkers();
      expect(await ada.pulse([])).not.toHaveProperty('othersLastMs');
      await harness().wait(TTL_MS / 2);
      await bob.pulse([]);
      const cyd = await join('cyd');
      const { othersLastMs: before } = await cyd.pulse([]);
      expect(before).toSatisfy((ms: number) => ms > 0 && ms <= TTL_MS / 2);
      // Of the worker itself, which was a member for longest, nothing is said.
      const { othersLastMs: after } = await ada.pulse([]);
      expect(after).toSatisfy((ms: number) => ms > TTL_MS / 2 && ms <= TTL_MS);
    });

    it('renews for a worker that has left, without taking it back into the group', async () => {
      const { ada, bob, key } = await twoWorkers();
      const token = tokenOf(await ada.claim(key));
      await ada.pulse([]);
      expect(await ada.pulse([{ key, token }], false)).toEqual({ members: [], leases: ['renewed'] });
      expect(await bob.pulse([])).toMatchObject({ members: ['bob'] });
    });

    it('tells the group of a release and of a member that leaves', async () => {
      const { ada, bob, key } = await twoWorkers();
      const notices = await bob.notices();
      await ada.release(key, tokenOf(await ada.claim(key)));
      await expect.poll(() => notices.count).toBe(1);
      await ada.pulse([]);
      await ada.leave();
      await expect.poll(() => notices.count).toBe(2);
    });

    it('tells only the successor of what is released for it', async () => {
      const { ada, bob, key } = await twoWorkers();
      const [adas, bobs] = [await ada.notices(), await bob.notices()];
      await ada.release(key, tokenOf(await ada.claim(key)), 'bob');
      await bob.release(key, tokenOf(await bob.claim(key)), 'ada');
      await expect.poll(() => [adas.count, bobs.count]).toEqual([1, 1]);
      await ada.release(key, tokenOf(await ada.claim(key)));
      await expect.poll(() => [adas.count, bobs.count]).toEqual([2, 2]);
    });

    it('refuses whatever belongs to a connection that is gone', async () => {
      const { store } = await harness().connect();
      const key = harness().newKey();
      const { epoch } = store;
      await harness().breakConnection(store);
      await expect(store.claim({ epoch, key, worker: 'ada', ttlMs: TTL_MS })).rejects.toMatchObject({ code: 'REDIS_EPOCH_MOVED' });
      expect(await store.survey(store.epoch, [key])).toMatchObject([{ state: 'absent' }]);
    });

    it('takes a worker’s own row back after a reconnect, under another owner', async () => {
      const { store } = await harness().connect();
      const key = harness().newKey();
      const first = tokenOf(await store.claim({ epoch: store.epoch, key, worker: 'ada', ttlMs: TTL_MS }));
      await harness().breakConnection(store);
      const second = tokenOf(await store.claim({ epoch: store.epoch, key, worker: 'ada', ttlMs: TTL_MS }));
      expect(second.number).toBe(2);
      expect(second.owner).not.toBe(first.owner);
    });
  });

  async function twoWorkers() {
    const group = harness().newKey();
    const [one, two] = [await harness().connect(), await harness().connect()];
    const join = async (name: string) => workerOf((await harness().connect()).store, group, name);
    return { ada: workerOf(one.store, group, 'ada'), bob: workerOf(two.store, group, 'bob'), key: harness().newKey(), join };
  }
}

export function tokenOf(answer: ClaimAnswer): FencingToken {
  if (answer.outcome !== 'claimed') throw new Error(`expected a claimed lease, got ${JSON.stringify(answer)}`);
  return answer.token;
}

function workerOf(store: LeaseStore, group: string, worker: string) {
  return {
    claim: (key: string, options: { after?: string[]; mustExist?: boolean } = {}) =>
      store.claim({ epoch: store.epoch, key, worker, ttlMs: TTL_MS, ...options }),
    pulse: (held: { key: string; token: FencingToken }[], isMember = true) =>
      store.pulse({ epoch: store.epoch, group, worker, ttlMs: TTL_MS, isMember, held }),
    survey: (keys: string[]) => store.survey(store.epoch, keys),
    reportLoads: (loads: { key: string; token: FencingToken; load: number }[]) => store.reportLoads(store.epoch, loads),
    release: (key: string, token: FencingToken, successor?: string) =>
      store.release({ epoch: store.epoch, group, key, token, ...(successor !== undefined && { successor }) }),
    leave: () => store.leave(store.epoch, group, worker),
    async notices() {
      const seen = { count: 0 };
      await store.onNotice(group, worker, () => {
        seen.count += 1;
      });
      return seen;
    },
  };
}
