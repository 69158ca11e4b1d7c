import { ManualClock } from '@sluice/core/testing';
import { ShardMap } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { type Pending, RecordScheduler } from '../egress-writer/record-scheduler.ts';
import { settled } from '../testing/held-sink.ts';
import type { LedgerAnswer, ShardDemand, ShardGrant } from './budget-ledger.ts';
import { LiveShards } from './live-shards.ts';
import { THROTTLED } from './outlet.ts';
import { StreamBudget } from './stream-budget.ts';

describe('StreamBudget', () => {
  it('lets records leave as their shard has budget, and borrows for all shards that are short in one call', async () => {
    const { add, sent, asked, lend, clock } = budgetOf();
    add(0, 0, 0, 1);
    expect([sent(), asked()]).toEqual([[], ['shard-0', 'shard-1']]);
    await lend({ records: 2 }, { records: 5 });
    expect([sent(), asked()]).toEqual([[0, 0, 1], undefined]);
    clock.advance(40);
    expect(asked()).toEqual(['shard-0']);
    await lend({ records: 5 });
    expect(sent()).toEqual([0]);
    expect(asked()).toBeUndefined();
  });

  it('asks again, after a pause, for what waits behind the last record that there was budget for', async () => {
    const { add, sent, asked, lend, clock } = budgetOf('none');
    add(0, 0, 0);
    await lend({ records: 2 });
    expect(sent()).toEqual([0, 0]);
    expect(asked()).toBeUndefined();
    clock.advance(40);
    expect(asked()).toEqual(['shard-0']);
    await lend({ records: 1 });
    expect(sent()).toEqual([0]);
  });

  it('asks again when a slice ran out of time with records that wait', async () => {
    const { add, sent, asked, lend, clock, lapse } = budgetOf();
    add(0);
    lapse(true);
    await lend({ records: 10 });
    expect([sent(), asked()]).toEqual([[], undefined]);
    clock.advance(250);
    lapse(false);
    expect([sent(), asked()]).toEqual([[], ['shard-0']]);
    await lend({ records: 10 });
    expect(sent()).toEqual([0]);
  });

  it('tells the ledger what throttled, and lets one record of a key leave a request from then on', async () => {
    const { add, sent, asked, lend, answer, budget, clock } = budgetOf();
    add(0, 0);
    await lend({ records: 10 });
    expect(sent()).toEqual([0, 0]);
    answer([written('shard-0'), { errorCode: THROTTLED, errorMessage: 'Rate exceeded' }]);
    expect(asked()).toEqual(['shard-0 throttled']);
    await lend({ records: 0 });
    expect(budget.outletOf(recordOf(0))!.isRisky(clock.monotonic())).toBe(true);
    expect(budget.outletOf(recordOf(1))!.isRisky(clock.monotonic())).toBe(false);
  });

  it('takes other failures of records for no sign of the shard, and for no part of what throttled', async () => {
    const { add, sent, asked, told, lend, answer, budget, clock } = budgetOf();
    add(0, 0, 0, 0);
    await lend({ records: 4 });
    expect(sent()).toEqual([0, 0, 0, 0]);
    const internal = { errorCode: 'InternalFailure', errorMessage: 'Internal service failure.' };
    answer([internal, internal, internal, written('shard-0')]);
    expect(asked()).toBeUndefined();
    expect(budget.outletOf(recordOf(0))!.isRisky(clock.monotonic())).toBe(false);
    clock.advance(40);
    answer([internal, internal, written('shard-0'), { errorCode: THROTTLED, errorMessage: 'Rate exceeded' }]);
    expect(told()).toEqual([{ taken: 7, throttled: 1, throttledBytes: 10 }]);
  });

  it('tells what was taken in too, where records are paced', async () => {
    const { add, told, lend, answer, clock } = budgetOf();
    add(0, 0, 0);
    await lend({ records: 2 });
    answer([written('shard-0'), written('shard-0')]);
    clock.advance(40);
    expect(told()).toEqual([{ taken: 2, throttled: 0, throttledBytes: 0 }]);
  });

  it('tells of a throttled shard again where the ledger could not be reached', async () => {
    const { add, lend, answer, asked, fail, clock } = budgetOf();
    add(0);
    await lend({ records: 10 });
    answer([{ errorCode: THROTTLED, errorMessage: 'Rate exceeded' }]);
    await fail();
    expect(asked()).toBeUndefined();
    clock.advance(250);
    expect(asked()).toEqual(['shard-0 throttled']);
  });

  it('asks for nothing where quotas may not be enforced, until a shard throttles', async () => {
    const { add, sent, asked, lend, answer, free } = budgetOf('key', false);
    add(0, 1);
    expect([sent(), asked()]).toEqual([[0, 1], []]);
    await free();
    add(0);
    expect([sent(), asked()]).toEqual([[0], undefined]);
    answer([{ errorCode: THROTTLED, errorMessage: 'Rate exceeded' }]);
    expect(asked()).toEqual(['shard-0 throttled']);
    add(0);
    expect(sent()).toEqual([]);
    await lend({ records: 0 });
    expect(sent()).toEqual([]);
  });

  it('asks every five seconds whether another writer met a quota, and lets go of what waits once none is enforced any more', async () => {
    const { add, sent, asked, lend, free, clock } = budgetOf('key', false);
    add(0);
    await free();
    clock.advance(5_000);
    add(1);
    expect([sent(), asked()]).toEqual([[0, 1], []]);
    await lend();
    add(0);
    expect([sent(), asked()]).toEqual([[], ['shard-0']]);
    await free();
    expect(sent()).toEqual([0]);
  });

  it('asks for the shards anew when an answer names another, and records that wait find theirs', async () => {
    const { add, sent, asked, lend, answer, useShards, looks, clock } = budgetOf();
    add(...Array.from({ length: 11 }, () => 0));
    await lend({ records: 10 });
    expect([sent().length, asked()]).toEqual([10, ['shard-0']]);
    useShards(['child-0', 'child-1', 'shard-1']);
    answer([written('child-0')]);
    answer([written('child-0')]);
    await lend({ records: 0 });
    expect(looks()).toBe(1);
    clock.advance(40);
    expect(asked()).toEqual(['child-0']);
    await lend({ records: 1 });
    expect(sent()).toEqual([0]);
  });

  it('goes on after a failure of the ledger', async () => {
    const { add, sent, asked, fail, lend, clock } = budgetOf();
    add(0);
    await fail();
    expect(asked()).toBeUndefined();
    clock.advance(250);
    expect(asked()).toEqual(['shard-0']);
    await lend({ records: 1 });
    expect(sent()).toEqual([0]);
  });

  it('borrows nothing once it is stopped', () => {
    const { add, asked, stop } = budgetOf();
    stop();
    add(0);
    expect(asked()).toBeUndefined();
  });
});

interface Item extends Pending<0> {
  readonly explicitHashKey: string;
}

const HALF = 1n << 127n;
const written = (shardId: string) => ({ sequenceNumber: '1', shardId });

/** For the first or the second half of all hash keys. */
const recordOf = (half: number): Item => ({
  ...{ partitionKey: String(half), explicitHashKey: String(HALF * BigInt(half)), byteSize: 10, owner: 0 },
  ...{ maxTogether: Number.POSITIVE_INFINITY, next: undefined },
});

const mapOf = (shardIds: readonly string[]) => {
  const starts = shardIds.length === 2 ? [0n, HALF] : [0n, HALF / 2n, HALF];
  return new ShardMap(
    shardIds.map((shardId, index) => ({
      ...{ shardId, startingSequenceNumber: '1' },
      hashRange: { start: starts[index]!, end: (starts[index + 1] ?? HALF * 2n) - 1n },
    })),
  );
};

/** A stream of two shards, written by a scheduler whose requests are answered at once, and a ledger that answers when told. */
function budgetOf(ordering: 'key' | 'none' = 'key', isEnforced = true) {
  const clock = new ManualClock();
  const open: { demands: readonly ShardDemand[]; resolve(answer: LedgerAnswer): void; reject(error: Error): void }[] = [];
  const ledger = {
    borrow: (demands: readonly ShardDemand[]) => new Promise<LedgerAnswer>((resolve, reject) => open.push({ demands, resolve, reject })),
  };
  let shards = mapOf(['shard-0', 'shard-1']);
  let looks = 0;
  const findShards = async () => {
    looks++;
    return shards;
  };
  const live = new LiveShards({ shards, find: findShards, clock });
  const budget = new StreamBudget({ ledger, shards: live, isEnforced, clock });
  const scheduler = new RecordScheduler<0, Item>(ordering, { maxRecords: 5_000, maxBytes: 1e9 }, (item) => budget.outletOf(item));
  const sent: number[] = [];
  let lastRequest: readonly Item[] = [];
  let isLapsed = false;
  const pump = () => {
    for (let request = scheduler.next(clock.monotonic(), () => !isLapsed); request; ) {
      lastRequest = request.items;
      sent.push(...request.items.map(({ partitionKey }) => Number(partitionKey)));
      scheduler.settle(request, [], 0);
      request = scheduler.next(clock.monotonic(), () => !isLapsed);
    }
    budget.borrow(clock.monotonic());
  };
  const stop = budget.run({ replenish: (outlet, grant) => scheduler.replenish(outlet, grant), resume: pump });
  const end = async (settle: () => void) => {
    settle();
    await settled();
  };
  return {
    ...{ budget, clock, stop },
    add: (...halves: number[]) => {
      for (const half of halves) scheduler.add(recordOf(half));
      pump();
    },
    /** What left since the last call. */
    sent: () => sent.splice(0),
    /** The shards of the open call, if there is one. */
    asked: () => open[0]?.demands.map(({ shardId, answers }) => (answers.throttled > 0 ? `${shardId} throttled` : shardId)),
    /** How shards answered, as the open call tells it. */
    told: () => open[0]?.demands.map(({ answers }) => answers),
    lend: (...grants: Partial<ShardGrant>[]) => {
      const all = grants.map((grant) => ({ records: 0, bytes: 1_000_000, riskyMs: 0, ...grant }));
      return end(() => open.shift()!.resolve({ isPaced: true, grants: all }));
    },
    /** Answers that no budget is needed. */
    free: () => {
      const { demands, resolve } = open.shift()!;
      return end(() => resolve({ isPaced: false, grants: demands.map(() => ({ records: 0, bytes: 0, riskyMs: 0 })) }));
    },
    fail: () => end(() => open.shift()!.reject(new Error('Redis is gone'))),
    answer: (results: Parameters<StreamBudget['answered']>[1]) => {
      const failedCount = results.filter((result) => 'errorCode' in result).length;
      budget.answered(lastRequest, results, failedCount);
      pump();
    },
    useShards: (shardIds: readonly string[]) => {
      shards = mapOf(shardIds);
    },
    looks: () => looks,
    /** Whether the lane may not send. */
    lapse: (to: boolean) => {
      isLapsed = to;
      pump();
    },
  };
}
