import { describe, expect, it } from 'vitest';
import { ShardSlice } from './shard-slice.ts';

describe('ShardSlice', () => {
  it('lends records and bytes until either is used up, and says each time that it is short', () => {
    const { slice, short } = sliceOf();
    expect([slice.take(1, 0), short()]).toEqual([false, 1]);
    slice.grant(grantOf({ records: 2, bytes: 100 }), 0);
    expect([slice.take(60, 0), slice.take(60, 0), slice.take(40, 0), slice.take(0, 0)]).toEqual([true, false, true, false]);
    expect(short()).toBe(3);
  });

  it('cannot be used later than 250 ms', () => {
    const { slice } = sliceOf();
    slice.grant(grantOf(), 1_000);
    expect([slice.take(1, 1_249), slice.take(1, 1_250)]).toEqual([true, false]);
  });

  it('asks for twice what it used, at least for what the first record needs, and gives the rest back', () => {
    const { slice } = sliceOf();
    slice.grant(grantOf({ records: 100, bytes: 100_000 }), 0);
    for (let taken = 0; taken < 30; taken++) slice.take(1_000, 0);
    slice.take(90_000, 0);
    expect(slice.demand(true)).toEqual({
      ...{ shardId: 'shard', answers: { taken: 0, throttled: 0, throttledBytes: 0 } },
      ...{ records: 60, bytes: 90_000, leastBytes: 90_000 },
      unused: { records: 70, bytes: 70_000 },
    });
    expect(slice.take(1, 0)).toBe(false);
    expect(slice.demand(false)).toMatchObject({ records: 0, bytes: 0, unused: { records: 0, bytes: 0 } });
  });

  it('lasts until its end while the first record that waits finds enough', () => {
    const { slice } = sliceOf();
    slice.grant(grantOf({ records: 2, bytes: 100 }), 0);
    expect(slice.lastsUntilMs(10)).toBe(250);
    slice.take(101, 10);
    expect(slice.lastsUntilMs(10)).toBe(10);
    slice.grant(grantOf({ records: 1, bytes: 100 }), 20);
    expect(slice.lastsUntilMs(20)).toBe(270);
    slice.take(1, 20);
    expect(slice.lastsUntilMs(20)).toBe(20);
  });

  it('is risky for two seconds after it throttled, and for as long as the ledger says', () => {
    const { slice } = sliceOf();
    expect(slice.isRisky(0)).toBe(false);
    slice.throttled(100, 0);
    expect([slice.isRisky(1_999), slice.isRisky(2_000)]).toEqual([true, false]);
    slice.grant(grantOf({ riskyMs: 500 }), 3_000);
    expect([slice.isRisky(3_499), slice.isRisky(3_500)]).toEqual([true, false]);
  });

  it('tells once how the shard answered, and again where that was not learned', () => {
    const { slice } = sliceOf();
    slice.took();
    slice.throttled(100, 0);
    slice.throttled(200, 0);
    const told = slice.demand(false);
    expect(told.answers).toEqual({ taken: 1, throttled: 2, throttledBytes: 300 });
    expect(slice.demand(false).answers).toEqual({ taken: 0, throttled: 0, throttledBytes: 0 });
    slice.took();
    expect(slice.notTold(told)).toBe(true);
    const again = slice.demand(false);
    expect(again.answers).toEqual({ taken: 2, throttled: 2, throttledBytes: 300 });
    slice.took();
    expect(slice.notTold(slice.demand(false))).toBe(false);
  });
});

const grantOf = (grant: Partial<Parameters<ShardSlice['grant']>[0]> = {}) => ({
  ...{ records: 10, bytes: 1_000, riskyMs: 0 },
  ...grant,
});

function sliceOf() {
  let short = 0;
  const slice = new ShardSlice('shard', () => short++);
  return { slice, short: () => short };
}
