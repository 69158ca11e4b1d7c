import { setImmediate } from 'node:timers/promises';
import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { freeResource } from '../plan/lease-resource.ts';
import { createMemoryLeases } from '../testing/memory-leases.ts';
import { createLeaseKeeper } from './lease-keeper.ts';

const MIB = 1024 ** 2;
const KEYS = Array.from({ length: 8 }, (_, index) => `k${index}`);

describe('a group of lease keepers that measure loads', () => {
  it('evens them out by swaps, a minute apart, and then leaves them alone', async () => {
    const { ada, bob, pass, loads, swaps } = await twoWorkers();
    for (const key of ada.held()) loads.set(key, 1.5 * MIB);
    for (const key of bob.held()) loads.set(key, 0.1 * MIB);
    await pass(20_000);
    expect(swaps).toEqual([`ada gives ${swaps[0]!.split(' ')[2]}`, `bob gives ${swaps[1]!.split(' ')[2]}`]);
    await pass(35_000);
    expect(swaps).toHaveLength(2);
    await pass(600_000);
    const sum = (keys: readonly string[]) => keys.reduce((total, key) => total + loads.get(key)!, 0) / MIB;
    expect([ada, bob].map(({ held }) => [held().length, sum(held())])).toEqual([
      [4, expect.closeTo(3.2, 5)],
      [4, expect.closeTo(3.2, 5)],
    ]);
    expect(swaps).toHaveLength(4);
  });

  it('takes over what a worker held that died within six seconds, however much it is', async () => {
    const { ada, bob, pass, loads } = await twoWorkers();
    for (const key of KEYS) loads.set(key, ada.held().includes(key) ? 1.5 * MIB : 0.1 * MIB);
    await pass(15_000);
    ada.die();
    await pass(6_000);
    expect(bob.held().toSorted()).toEqual(KEYS);
  });

  it('never moves a row for a load that comes and goes faster than it is evened out', async () => {
    const { ada, bob, pass, loads, swaps } = await twoWorkers();
    for (const key of KEYS) loads.set(key, MIB);
    for (let second = 0; second < 300; second++) {
      for (const [index, key] of [...ada.held(), ...bob.held()].entries()) loads.set(key, (1 + ((index + second) % 2) * 0.2) * MIB);
      await pass(1_000);
    }
    expect(swaps).toEqual([]);
  });
});

async function twoWorkers() {
  const clock = new ManualClock();
  const leases = createMemoryLeases(clock);
  const loads = new Map<string, number>();
  const swaps: string[] = [];
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 250) {
      clock.advance(250);
      for (let turn = 0; turn < 6; turn++) await setImmediate();
    }
  };
  const worker = (name: string) => {
    const connection = leases.connect();
    const keeper = createLeaseKeeper({
      ...{ store: connection.store, group: 'group', worker: name, clock, logger: silentLogger },
      resources: async () => KEYS.map(freeResource),
      loadOf: ({ key }) => loads.get(key),
      emit(event) {
        if (event.type !== 'lease.recalled') return;
        if (loads.size > 0) swaps.push(`${name} gives ${event.lease.key}`);
        void keeper.release(event.lease, { successor: event.successor });
      },
    });
    keeper.start();
    return { held: () => keeper.leases.map(({ key }) => key), die: () => connection.disconnect() };
  };
  const [ada, bob] = [worker('ada'), worker('bob')];
  await pass(30_000);
  expect([ada.held().length, bob.held().length]).toEqual([4, 4]);
  return { ada, bob, pass, loads, swaps };
}
