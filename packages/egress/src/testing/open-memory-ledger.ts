import { ManualClock } from '@sluice/core/testing';
import { createMemoryBudgetLedger, type ShardAllowance } from '../shard-budget/memory-budget-ledger.ts';
import type { LedgerRig } from './budget-ledger.conformance.ts';

/** A ledger in memory whose clock stands still. */
export function openMemoryLedger(writers: number, isEnforced: boolean): LedgerRig {
  const clock = new ManualClock();
  clock.advance(3_600_000);
  const allowances = new Map<string, ShardAllowance>();
  const ledger = createMemoryBudgetLedger({ isEnforced, clock, allowances });
  return {
    ledgers: Array.from({ length: writers }, () => ledger),
    stateOf: async (shardId) => {
      const { records, bytes, share, ceiling, part, randomUntilMs, taken, throttled } = allowances.get(shardId)!;
      return { records, bytes, share, ceiling, part, isRandom: randomUntilMs > 0, taken, throttled };
    },
    setBudget: async (shardId, { agoMs, throttledAgoMs, countedAgoMs, randomForMs, ...budget }) => {
      const nowMs = clock.monotonic();
      const times = { atMs: nowMs - agoMs, throttledAtMs: nowMs - throttledAgoMs, countedFromMs: nowMs - countedAgoMs };
      allowances.set(shardId, { ...budget, ...times, randomUntilMs: randomForMs === undefined ? 0 : nowMs + randomForMs });
    },
  };
}
