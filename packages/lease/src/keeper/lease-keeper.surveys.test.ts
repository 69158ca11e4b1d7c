/** How often a keeper asks who holds what, and that it still hears of what happens in between. */
import { setImmediate } from 'node:timers/promises';
import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import type { LeaseStore } from '../lease-store.ts';
import { freeResource } from '../plan/lease-resource.ts';
import { createMemoryLeases } from '../testing/memory-leases.ts';
import { createLeaseKeeper } from './lease-keeper.ts';

describe('surveys of a LeaseKeeper', () => {
  it('come every tenth renewal at rest, and renewals go on', async () => {
    const { worker, pass } = groupOf(['a', 'b']);
    const [ada, bob] = [worker('ada'), worker('bob')];
    await pass(10_000);
    const before = [ada.count(), bob.count()];
    await pass(20_000);
    expect([ada.count(), bob.count()]).toEqual(before.map(({ surveys, pulses }) => ({ surveys: surveys + 2, pulses: pulses + 20 })));
    expect([ada.held(), bob.held()].flat().sort()).toEqual(['a', 'b']);
  });

  it('come with each renewal while a worker lacks something', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    worker('ada', { isGiving: false });
    await pass(5_000);
    const bob = worker('bob');
    await pass(10_000);
    const { surveys } = bob.count();
    await pass(10_000);
    expect(bob.count().surveys).toBe(surveys + 10);
  });

  it('see at once that a member fell silent, although nothing is surveyed until then', async () => {
    const { worker, pass } = groupOf(['a', 'b', 'c', 'd']);
    const [ada, bob] = [worker('ada'), worker('bob')];
    await pass(11_500);
    const { surveys } = bob.count();
    ada.connection.disconnect();
    // Its last renewal was at 11,000.
    await pass(4_480);
    expect([bob.held().length, bob.count().surveys - surveys]).toEqual([2, 1]);
    await pass(60);
    expect(bob.held()).toHaveLength(4);
  });

  it('come at once when the worker asks because there is more to lease', async () => {
    const keys = ['a'];
    const { worker, pass } = groupOf(keys);
    const ada = worker('ada');
    await pass(10_000);
    keys.push('b');
    await pass(100);
    expect(ada.held()).toEqual(['a']);
    ada.keeper.refresh();
    await pass(40);
    expect(ada.held()).toEqual(['a', 'b']);
  });

  it('come with the next renewal when what is listed has changed, where the keeper recalls what is not', async () => {
    const keys = ['a'];
    const { worker, pass } = groupOf(keys);
    const ada = worker('ada', { recallsUnlisted: true });
    await pass(10_100);
    keys[0] = 'b';
    await pass(1_000);
    expect(ada.held()).toEqual(['b']);
  });

  it('wait for each other, the longer the more rows there are, however many notices come', async () => {
    const keys = Array.from({ length: 1_000 }, (_, index) => `k${index}`);
    const { worker, pass, connect } = groupOf(keys);
    const ada = worker('ada');
    await pass(30_000);
    const { surveys } = ada.count();
    const { store } = connect();
    for (let notice = 0; notice < 50; notice++) {
      await store.pulse({ epoch: store.epoch, group: 'group', worker: 'cyd', ttlMs: 5_000, isMember: true, held: [] });
      await store.leave(store.epoch, 'group', 'cyd');
      await pass(20);
    }
    // A second of notices: one survey each 200 ms instead of each 20.
    expect(ada.count().surveys - surveys).toBeLessThanOrEqual(7);
    expect(ada.count().surveys - surveys).toBeGreaterThanOrEqual(4);
  });
});

interface WorkerOptions {
  /** Whether it gives back what it is asked for. */
  readonly isGiving?: boolean;
  readonly recallsUnlisted?: boolean;
}

function groupOf(keys: readonly string[]) {
  const clock = new ManualClock();
  const leases = createMemoryLeases(clock);
  const pass = async (ms: number) => {
    clock.advance(0);
    for (let left = ms; ; left -= 20) {
      for (let turn = 0; turn < 4; turn++) await setImmediate();
      if (left <= 0) return;
      clock.advance(Math.min(20, left));
    }
  };
  const worker = (name: string, { isGiving = true, recallsUnlisted = false }: WorkerOptions = {}) => {
    const connection = leases.connect();
    const calls = { surveys: 0, pulses: 0 };
    const store: LeaseStore = Object.create(connection.store, {
      survey: { value: (...args: Parameters<LeaseStore['survey']>) => (calls.surveys++, connection.store.survey(...args)) },
      pulse: { value: (...args: Parameters<LeaseStore['pulse']>) => (calls.pulses++, connection.store.pulse(...args)) },
    });
    const keeper = createLeaseKeeper({
      ...{ store, group: 'group', worker: name, clock, logger: silentLogger, recallsUnlisted },
      resources: async () => keys.map(freeResource),
      emit(event) {
        if (event.type === 'lease.recalled' && isGiving) void keeper.release(event.lease, { successor: event.successor });
      },
    });
    keeper.start();
    const held = () => keeper.leases.filter((lease) => lease.isHeld()).map(({ key }) => key);
    return { keeper, connection, held, count: () => ({ ...calls }) };
  };
  return { worker, pass, connect: () => leases.connect() };
}
