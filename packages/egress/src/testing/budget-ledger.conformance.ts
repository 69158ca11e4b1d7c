/** What every ledger of shard budgets does. */
import { describe, expect, it } from 'vitest';
import type { BudgetLedger, ShardDemand, ShardGrant } from '../shard-budget/budget-ledger.ts';

/** A stream of its own, written by so many writers. */
export interface LedgerRig {
  readonly ledgers: readonly BudgetLedger[];
  stateOf(shardId: string): Promise<LearnedBudget>;
  setBudget(shardId: string, budget: KnownBudget): Promise<void>;
}

interface Budget {
  readonly records: number;
  readonly bytes: number;
  readonly share: number;
  readonly ceiling: number;
  readonly part: number;
  readonly taken: number;
  readonly throttled: number;
}

interface LearnedBudget extends Budget {
  readonly isRandom: boolean;
}

/** A shard's, as of so long ago. */
export interface KnownBudget extends Budget {
  readonly agoMs: number;
  readonly throttledAgoMs: number;
  readonly countedAgoMs: number;
  /** How much longer something is taken for random; `undefined`: nothing is. */
  readonly randomForMs: number | undefined;
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

    it('owes three times what throttled, lends less at once, and tells all writers that the shard is risky', async () => {
      const { ledgers, borrow, stateOf, setBudget } = streamOf(2);
      await setBudget('shard', { records: 100, bytes: 100_000, agoMs: AHEAD });
      const grant = await borrow(throttling(60, 40));
      expect(grant).toEqual({ records: 0, bytes: 0, riskyMs: 2_000 });
      const { records, bytes, ...learned } = await stateOf('shard');
      expect(records).toBeCloseTo(100 - 3 * 40, 1);
      expect(bytes).toBeCloseTo(100_000 - (120 / 970) * 0.97 * 1024 * 1024, 0);
      expect(learned).toMatchObject({ share: 0.8, ceiling: 1, part: 1, isRandom: false, taken: 0, throttled: 0 });
      expect((await borrow({ records: 0 }, ledgers[1])).riskyMs).toBeGreaterThan(0);

      await setBudget('shard', { records: 0, bytes: 0, agoMs: AHEAD });
      await borrow({ records: 0, answers: { taken: 0, throttled: 1, throttledBytes: 100_000 } });
      expect((await stateOf('shard')).records).toBeCloseTo((-3 * 100_000) / ((1024 * 1024) / 1_000), 1);
    });

    it('owes half a second at most', async () => {
      const { borrow, stateOf, setBudget } = streamOf();
      await setBudget('shard', { agoMs: AHEAD });
      for (let request = 0; request < 3; request++) await borrow({ records: 0, ...throttling(0, 500) });
      const { records, share } = await stateOf('shard');
      expect(share).toBe(0.8);
      expect(records).toBeGreaterThanOrEqual(-485);
      expect(records).toBeLessThan(-0.49 * 970 * 0.8);
    });

    it('says that a shard is risky for half a minute while its share is not much smaller than the one at which it throttled', async () => {
      const { borrow, setBudget } = streamOf();
      const riskyMs = async (budget: Partial<KnownBudget>) => {
        await setBudget('shard', { records: 100, bytes: 100_000, agoMs: AHEAD, ...budget });
        return (await borrow({ records: 20, bytes: 1_000 })).riskyMs;
      };
      expect(await riskyMs({ share: 0.38, ceiling: 0.5, throttledAgoMs: 10_000 })).toBe(2_000);
      expect(await riskyMs({ share: 0.37, ceiling: 0.5, throttledAgoMs: 10_000 })).toBe(0);
      expect(await riskyMs({ share: 0.8, throttledAgoMs: 10_000 })).toBe(2_000);
      expect(await riskyMs({ share: 0.8, throttledAgoMs: 60_000 })).toBe(0);
    });

    it('judges a share on trial after a second and 200 answers, or after five seconds', async () => {
      const { judged } = streamOf();
      const trial = { share: 0.8, part: 1 };
      expect(await judged({ ...trial, countedAgoMs: AHEAD }, 970, 30)).toMatchObject({ share: 0.8, taken: 0, throttled: 0 });
      expect(await judged({ ...trial, countedAgoMs: 2_000 }, 190, 9)).toMatchObject({ share: 0.8, taken: 190, throttled: 9 });
      expect(await judged({ ...trial, countedAgoMs: 2_000 }, 190, 10)).toMatchObject({ share: 0.64, part: 0.05, taken: 0, throttled: 0 });
      expect(await judged({ ...trial, countedAgoMs: 600_000 }, 19, 1)).toMatchObject({ share: 0.64, part: 0.05, taken: 0, throttled: 0 });
    });

    it('judges no share that throttled nothing yet, nor counts for it', async () => {
      const { judged } = streamOf();
      expect(await judged({ countedAgoMs: 2_000 }, 100, 0)).toMatchObject({ share: 1, part: 0, taken: 0 });
      expect(await judged({ countedAgoMs: 2_000 }, 500, 500)).toMatchObject({ share: 0.8, part: 1, taken: 0, throttled: 0 });
    });

    it('gives less again where less than before throttles, and half where more than a tenth does, but never less than a fifth', async () => {
      const { judged } = streamOf();
      const trial = { share: 0.8, countedAgoMs: 2_000 };
      expect(await judged({ ...trial, part: 0.1 }, 930, 70)).toMatchObject({ share: 0.64, ceiling: 0.8, part: 0.07, isRandom: false });
      expect(await judged({ ...trial, part: 1 }, 890, 110)).toMatchObject({ share: 0.4, ceiling: 0.8, part: 0.11, isRandom: false });
      expect(await judged({ ...trial, part: 0.12 }, 890, 110)).toMatchObject({ share: 0.4, part: 0.11, isRandom: false });
      expect(await judged({ ...trial, share: 0.3, part: 1 }, 500, 500)).toMatchObject({ share: 0.2, ceiling: 0.3 });
    });

    it('ends a trial once nothing throttles, and until then lets the share not grow', async () => {
      const { judged } = streamOf();
      const trial = { share: 0.6, ceiling: 0.8, part: 0.05, agoMs: 2_000 };
      expect(await judged({ ...trial, countedAgoMs: AHEAD }, 1_000, 0)).toMatchObject({ share: 0.6, part: 0.05 });
      const { share, part } = await judged({ ...trial, countedAgoMs: 2_000 }, 1_000, 0);
      expect(part).toBe(0);
      expect(share).toBeGreaterThanOrEqual(0.7);
    });

    it('gives the share back where as much throttles though less is sent, and then owes nothing for it', async () => {
      const { judged, borrow, stateOf } = streamOf();
      const trial = { share: 0.64, ceiling: 0.8, part: 0.05, countedAgoMs: 2_000 };
      expect(await judged(trial, 962, 38)).toMatchObject({ share: 0.8, ceiling: 1, part: 0.038, isRandom: true });
      const before = await stateOf('shard');
      await borrow({ records: 0, ...throttling(95, 5) });
      const { records, share, isRandom } = await stateOf('shard');
      expect(isRandom).toBe(true);
      expect(records).toBeGreaterThanOrEqual(before.records);
      expect(share).toBeGreaterThanOrEqual(0.8);
      expect((await borrow({ records: 0 })).riskyMs).toBeGreaterThan(0);
    });

    it('does so for less than a tenth only, and also where the share could not become smaller', async () => {
      const { judged } = streamOf();
      const trial = { share: 0.5, ceiling: 0.625, part: 0.1, countedAgoMs: 2_000 };
      expect(await judged(trial, 900, 100)).toMatchObject({ share: 0.625, isRandom: true });
      expect(await judged(trial, 924, 76)).toMatchObject({ share: 0.625, isRandom: true });
      expect(await judged(trial, 926, 74)).toMatchObject({ share: 0.4, isRandom: false });
      expect(await judged(trial, 899, 101)).toMatchObject({ share: 0.25, isRandom: false });
      const floor = { share: 0.2, ceiling: 0.2, part: 0.05, countedAgoMs: 2_000 };
      expect(await judged(floor, 950, 50)).toMatchObject({ share: 0.2, ceiling: 1, isRandom: true });
    });

    it('takes what throttles at random for that until it is twice as much, and for less once it is less than half', async () => {
      const { judged } = streamOf();
      const random = { share: 0.9, part: 0.05, randomForMs: 20_000, countedAgoMs: 2_000 };
      expect(await judged(random, 890, 110)).toMatchObject({ share: 0.9, part: 0.05, isRandom: true, taken: 0, throttled: 0 });
      expect(await judged(random, 889, 111)).toMatchObject({ share: 0.45, ceiling: 0.9, part: 0.111, isRandom: false });
      expect(await judged(random, 975, 25)).toMatchObject({ share: 0.9, part: 0.05, isRandom: true });
      expect(await judged(random, 976, 24)).toMatchObject({ share: 0.9, part: 0.024, isRandom: true });
      expect(await judged(random, 1_000, 0)).toMatchObject({ share: 0.9, part: 0, isRandom: false });
    });

    it('does so for half a minute, and then has the share on trial again', async () => {
      const { judged } = streamOf();
      const random = { share: 0.9, part: 0.05, randomForMs: -1, countedAgoMs: 2_000 };
      expect(await judged(random, 950, 50)).toMatchObject({ share: 0.72, ceiling: 0.9, part: 0.05, isRandom: false });
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
      await expect(ledgers[1]!.borrow([demandOf({ records: 0, ...throttling(1, 1) })])).resolves.toMatchObject({ isPaced: true });
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
      const setKnown = (id: string, budget: Partial<KnownBudget>) => setBudget(id, { ...KNOWN, ...budget });
      /** What a shard that throttled a moment ago is after so many more answers; what it gains meanwhile counts for nothing. */
      const judged = async (budget: Partial<KnownBudget>, taken: number, throttled: number) => {
        await setKnown('shard', { agoMs: AHEAD, throttledAgoMs: 0, ...budget });
        await borrow({ records: 0, ...throttling(taken, throttled) });
        const state = await stateOf('shard');
        return { ...state, share: Number(state.share.toFixed(5)) };
      };
      return { ledgers, borrow, stateOf, judged, setBudget: setKnown };
    };
  });
}

/** As of a time to come, so that the shard gains nothing until the test is over. */
export const AHEAD = -3_600_000;
const KNOWN: KnownBudget = {
  ...{ records: 0, bytes: 0, share: 1, ceiling: 1, agoMs: 0, throttledAgoMs: 60_000 },
  ...{ part: 0, randomForMs: undefined, countedAgoMs: 0, taken: 0, throttled: 0 },
};

const throttling = (taken: number, throttled: number) => ({ answers: { taken, throttled, throttledBytes: 100 * throttled } });

const demandOf = (demand: Partial<ShardDemand>): ShardDemand => ({
  ...{ shardId: 'shard', records: 100, bytes: 10_000, leastBytes: 100, unused: { records: 0, bytes: 0 } },
  answers: { taken: 0, throttled: 0, throttledBytes: 0 },
  ...demand,
});
