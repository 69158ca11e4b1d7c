import { ManualClock } from '@sluice/core/testing';
import { ShardMap } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { LiveShards } from './live-shards.ts';
import { createMemoryBudgetLedger } from './memory-budget-ledger.ts';
import { RateCap } from './rate-cap.ts';
import { StreamBudget } from './stream-budget.ts';

describe('RateCap', () => {
  it('lets its share of records a second through, after a burst of half a second', () => {
    expect([sentIn(10_000, 50, 100), sentIn(10_000, 1, 100)]).toEqual([500 * 10 + 250, 10 * 10 + 5]);
  });

  it('lets its share of bytes a second through, also in records that are larger than what is left', () => {
    const records = sentIn(100_000, 50, 1024 ** 2);
    expect(records).toBeGreaterThanOrEqual(50);
    expect(records).toBeLessThanOrEqual(52);
  });

  it('may be above the quota of a shard', () => {
    expect(sentIn(1_000, 150, 100)).toBe(1_500 + 750);
  });
});

it('keeps a writer below its share of a shard that has room for more, and lets what waits go on', async () => {
  const clock = new ManualClock();
  const range = { start: 0n, end: 2n ** 128n - 1n };
  const shards = new ShardMap([{ shardId: 'shard-0', hashRange: range }] as unknown as ConstructorParameters<typeof ShardMap>[0]);
  const live = new LiveShards({ shards, find: async () => shards, clock });
  const ledger = createMemoryBudgetLedger({ isEnforced: true, clock });
  const budget = new StreamBudget({ ledger, shards: live, isEnforced: true, clock, rateLimit: 20 });
  const record = { partitionKey: 'k', explicitHashKey: undefined, byteSize: 100 };
  let sent = 0;
  const send = () => {
    while (budget.outletOf(record)!.take(100, clock.monotonic())) sent++;
    budget.borrow(clock.monotonic());
  };
  const stop = budget.run({ replenish: () => true, resume: send });
  send();
  for (let step = 0; step < 1_000; step++) {
    clock.advance(10);
    await Promise.resolve();
    await Promise.resolve();
    if (step % 10 === 0) await new Promise(setImmediate);
  }
  stop();
  expect(sent).toBeLessThanOrEqual(200 * 10 + 100);
  expect(sent).toBeGreaterThan(200 * 9);
});

/** Records of a size that pass in so much time, each as early as it can. */
function sentIn(ms: number, percent: number, bytes: number): number {
  const cap = new RateCap(percent);
  let sent = 0;
  for (let now = 0; now <= ms; now++) while (cap.take(1, bytes, now)) sent++;
  return sent;
}
