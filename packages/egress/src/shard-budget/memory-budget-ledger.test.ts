import { ManualClock } from '@sluice/core/testing';
import { describeBudgetLedger } from '../testing/budget-ledger.conformance.ts';
import { createMemoryBudgetLedger, type ShardAllowance } from './memory-budget-ledger.ts';

describeBudgetLedger('createMemoryBudgetLedger', (writers, isEnforced) => {
  const clock = new ManualClock();
  const allowances = new Map<string, ShardAllowance>();
  const ledger = createMemoryBudgetLedger({ isEnforced, clock, allowances });
  return {
    ledgers: Array.from({ length: writers }, () => ledger),
    stateOf: async (shardId) => allowances.get(shardId)!,
    setBudget: async (shardId, { agoMs, throttledAgoMs, ...budget }) => {
      const nowMs = clock.monotonic();
      allowances.set(shardId, { ...budget, atMs: nowMs - agoMs, throttledAtMs: nowMs - throttledAgoMs });
    },
  };
});
