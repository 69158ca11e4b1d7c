/** What every ledger of shard budgets does. */
import { describe, expect, it } from 'vitest';
import type { BudgetLedger, ShardDemand, ShardGrant } from '../shard-budget/budget-ledger.ts';

/** A stream of its own, written by so many writers. */
interface LedgerRig {
  readonly ledgers: readonly BudgetLedger[];
  stateOf(shardId: string): Promise<Budget>;
  setBudget(shardId: string, budget: KnownBudget): Promise<void>;
}

interface Budget {
  readonly records: number;
  readonly bytes: number;
  readonly share: number;
  readonly ceiling: number;
}

/** A shard's, as of so long ago. */
export interface KnownBudget extends Budget {
  readonly agoMs: number;
  readonly throttledAgoMs: number;
}

export function describeBudgetLedger(name: string, open: (writers: number, isEnforced: boolean) => LedgerRig): void {
  describe(name, () => {
    it('lends a quarter of a second at once, to whoever asks first, and each shard its own', async () => {
      const { ledgers, borrow } = streamOf(2);
      const first = await borrow({ records: 200 });
      const second = await borrow({ records: 200 }, ledgers[1]);
      expect(first).toMatchObject({ records: 200, riskyMs: 0 });
      // What the shard gains between the two calls depends on the machine.
      expect(second.records).toBeGreaterThanOrEqual(42);
      expect(await borrow({ shardId: 'other', records: 200 })).toMatchObject({ records: 200 });
    });

    it('keeps no more than a quarter of a second, however long nothing is asked for', async () => {
      const { borrow, setBudget } = streamOf();
      await setBudget('shard', { agoMs: 60_000 });
      expect(await borrow({ records: 2_000, bytes: 2_000_000 })).toEqual({
        records: 242,
        bytes: Math.floor(0.25 * 0.97 * 1024 * 1024),
        riskyMs: 0,
      });
    });

    it('takes back what was not used', async () => {
      const { borrow, setBudget } = streamOf();
      await setBudget('shard', { records: 0, bytes: 0 });
      expect(await borrow({ records: 0, unused: { records: 100, bytes: 50_000 } })).toMatchObject({ records: 0, bytes: 0 });
      expect(await borrow({ records: 50, bytes: 20_000 })).toMatchObject({ records: 50, bytes: 20_000 });
    });

    it('lends nothing to a shard that throttled for a moment, less by the part that it throttled afterwards, and tells all writers that it is risky', async () => {
      const { ledgers, borrow, stateOf, setBudget } = streamOf(2);
      await borrow({});
      const grant = await borrow({ throttledPart: 0.3 });
      expect(grant).toMatchObject({ records: 0, bytes: 0 });
      expect(grant.riskyMs).toBe(2_000);
      const { share, ceiling, records } = await stateOf('shard');
      expect([share, ceiling]).toEqual([0.7, 1]);
      expect(records).toBeCloseTo(-0.15 * 970, -1);
      expect((await borrow({ records: 0 }, ledgers[1])).riskyMs).toBeGreaterThan(0);

      await setBudget('shard', { share: 0.5, ceiling: 0.5, records: 100, bytes: 100_000, throttledAgoMs: 5_000 });
      expect(await borrow({ records: 20, bytes: 1_000 }, ledgers[1])).toMatchObject({ records: 20, riskyMs: 2_000 });
      await setBudget('shard', { share: 0.4, ceiling: 0.5, records: 100, bytes: 100_000, throttledAgoMs: 5_000 });
      expect(await borrow({ records: 20, bytes: 1_000 }, ledgers[1])).toMatchObject({ records: 20, riskyMs: 0 });
    });

    it('counts the throttling of one moment once', async () => {
      const { borrow, stateOf } = streamOf();
      for (let request = 0; request < 5; request++) await borrow({ records: 0, throttledPart: 1 });
      expect((await stateOf('shard')).share).toBeGreaterThan(0.49);
    });

    it('gives a share back with time, and never more than the whole', async () => {
      const { borrow, stateOf, setBudget } = streamOf();
      await setBudget('shard', { share: 0.2, ceiling: 0.8, agoMs: 2_000 });
      await borrow({ records: 0 });
      expect((await stateOf('shard')).share).toBeGreaterThanOrEqual(0.3);
      await setBudget('shard', { share: 0.8, ceiling: 0.8, agoMs: 2_000, throttledAgoMs: 10_000 });
      await borrow({ records: 0 });
      expect((await stateOf('shard')).share).toBeCloseTo(0.808, 1);
      await setBudget('shard', { share: 0.8, ceiling: 0.8, agoMs: 3_600_000, throttledAgoMs: 3_600_000 });
      await borrow({ records: 0 });
      expect(await stateOf('shard')).toMatchObject({ share: 1, ceiling: 1 });
    });

    it('has budgets hold where quotas may not be enforced once a shard throttled, for all writers', async () => {
      const { ledgers } = streamOf(2, false);
      await expect(ledgers[0]!.borrow([])).resolves.toEqual({ isPaced: false, grants: [] });
      await expect(ledgers[1]!.borrow([demandOf({ records: 0, throttledPart: 0.5 })])).resolves.toMatchObject({ isPaced: true });
      await expect(ledgers[0]!.borrow([])).resolves.toEqual({ isPaced: true, grants: [] });
    });

    it('has budgets hold from the first record on where quotas are enforced', async () => {
      const { ledgers } = streamOf();
      await expect(ledgers[0]!.borrow([])).resolves.toEqual({ isPaced: true, grants: [] });
    });

    it('lends a record that is larger than what is ever there when all of it is, and has it paid off', async () => {
      const { borrow, stateOf, setBudget } = streamOf();
      expect(await borrow({ records: 1, bytes: 900_000, leastBytes: 900_000 })).toMatchObject({ records: 1, bytes: 900_000 });
      expect((await stateOf('shard')).bytes).toBeLessThan(-500_000);
      await setBudget('shard', { records: 100, bytes: 100_000, share: 0.5, ceiling: 0.9 });
      expect(await borrow({ records: 1, bytes: 900_000, leastBytes: 900_000 })).toMatchObject({ records: 0, bytes: 0 });
    });

    const streamOf = (writers = 1, isEnforced = true) => {
      const { ledgers, stateOf, setBudget } = open(writers, isEnforced);
      const borrow = async (demand: Partial<ShardDemand>, ledger = ledgers[0]): Promise<ShardGrant> =>
        (await ledger!.borrow([demandOf(demand)])).grants[0]!;
      const known = { records: 0, bytes: 0, share: 1, ceiling: 1, agoMs: 0, throttledAgoMs: 60_000 };
      return { ledgers, borrow, stateOf, setBudget: (id: string, budget: Partial<KnownBudget>) => setBudget(id, { ...known, ...budget }) };
    };
  });
}

const demandOf = (demand: Partial<ShardDemand>): ShardDemand => ({
  ...{ shardId: 'shard', records: 100, bytes: 10_000, leastBytes: 100, unused: { records: 0, bytes: 0 }, throttledPart: 0 },
  ...demand,
});
