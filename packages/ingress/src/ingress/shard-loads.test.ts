import { ManualClock } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { ShardLoads } from './shard-loads.ts';

const KIB = 1024;
const CALLS = 16 * KIB;

it('measures bytes a second, once it has measured for long enough, and forgets what was long ago', () => {
  const { loads, clock, readFor } = rig();
  loads.started('s/0');
  readFor(29, 100 * KIB, 0);
  expect(loads.of('s/0')).toBeUndefined();
  readFor(1, 100 * KIB, 0);
  const measured = loads.of('s/0')! - CALLS;
  expect(measured / KIB).toBeGreaterThan(95);
  expect(measured / KIB).toBeLessThan(105);
  clock.advance(300_000);
  expect(loads.of('s/0')! - CALLS).toBeLessThan(KIB);
});

it('takes a shard that is far behind for one that gives all it can', () => {
  const { loads, readFor } = rig();
  loads.started('s/0');
  readFor(40, 100 * KIB, 60_000);
  expect(loads.of('s/0')).toBe(2 * KIB * KIB + CALLS);
});

it('knows nothing of a shard that is not read', () => {
  const { loads, readFor } = rig();
  loads.started('s/0');
  readFor(40, 1, 0);
  loads.ended('s/0');
  expect([loads.of('s/0'), loads.of('s/1')]).toEqual([undefined, undefined]);
});

function rig() {
  const clock = new ManualClock();
  const loads = new ShardLoads(clock);
  const readFor = (seconds: number, bytes: number, lagMs: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      loads.read('s/0', bytes, lagMs);
    }
  };
  return { loads, clock, readFor };
}
