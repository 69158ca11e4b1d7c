import { describe, expect, it } from 'vitest';
import { laneRig } from '../testing/lane-rig.ts';

describe('an address with a long backlog', () => {
  it('leaves the jobs of its lane when memory is scarce, also where each request is quick', async () => {
    const { start, callOf, advance, lane, storage } = laneRig({ maxMessages: 1, budget: { bytes: 1_000_000, records: 130 } });
    await start(...Array.from({ length: 100 }, (_, n) => `a${n}`), 'b1');
    await callOf('b').answer();
    for (let n = 0; n < 6; n++) {
      expect(storage.rows()).toEqual({});
      await callOf('a').answer();
      await advance(200);
    }
    expect(storage.rows()['a']).toMatchObject({ records: 94 });
    expect(lane.left).toEqual([]);
    for (let n = 6; n < 100; n++) {
      expect(callOf('a').texts).toEqual([`a${n}`]);
      await callOf('a').answer();
    }
    expect([storage.rows(), lane.left]).toEqual([{}, []]);
  });

  it('stays in the jobs where each address has one message, however long the lane is', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `${'abcdefghij'[n % 10]}${'klmnopqrst'[Math.floor(n / 10)]}1`);
    const { start, calls, advance, storage } = laneRig({ maxInFlight: 10, budget: { bytes: 1_000_000, records: 130 } });
    await start(...ids);
    for (let round = 0; round < 8; round++) {
      for (const call of [...calls]) await call.answer();
      await advance(250);
      expect(storage.rows()).toEqual({});
    }
  });
});

describe('a slow address', () => {
  it('leaves the jobs of its lane when memory is scarce, so that others go on', async () => {
    const { start, add, open, callOf, advance, lane, storage } = laneRig({ budget: { bytes: 1_000_000, records: 130 } });
    await start('a1', 'a2');
    await add('a3', 'b1');
    await callOf('b').answer();
    for (let n = 0; n < 70; n++) lane.add(`a${n + 10}`);
    await advance(1);
    for (let look = 0; look < 6; look++) await advance(250);
    expect(storage.rows()['a']!.records).toBeGreaterThan(3);
    await add('b2');
    for (let look = 0; look < 4; look++) await advance(250);
    expect(open()).toContain('b2');

    await callOf('a').answer();
    expect(callOf('a').texts[0]).toBe('a3');
    await callOf('a').answer();
    await callOf('b').answer();
    expect([lane.left, storage.rows(), open()]).toEqual([[], {}, []]);
  });
});
