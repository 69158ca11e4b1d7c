import { describe, expect, it } from 'vitest';
import { WeightedBudget } from './weighted-budget.ts';

describe('WeightedBudget', () => {
  it('holds its limit in bytes and in records', () => {
    const budget = new WeightedBudget({ bytes: 100, records: 3 });
    const answers = [
      { bytes: 60, records: 1 },
      { bytes: 41, records: 1 },
      { bytes: 40, records: 2 },
      { bytes: 0, records: 1 },
    ].map((share) => budget.tryReserve(share));
    expect([answers, budget.used]).toEqual([[true, false, true, false], { bytes: 100, records: 3 }]);
  });

  it('lets in what is larger than all of it when it is empty', () => {
    const budget = new WeightedBudget({ bytes: 10, records: 1 });
    expect([budget.tryReserve({ bytes: 50, records: 9 }), budget.tryReserve({ bytes: 1, records: 0 })]).toEqual([true, false]);
  });

  it('serves requests in their order, and lets none overtake', async () => {
    const budget = new WeightedBudget({ bytes: 10, records: 100 });
    const { signal } = new AbortController();
    const served: string[] = [];
    budget.tryReserve({ bytes: 8, records: 1 });
    void budget.reserve({ bytes: 6, records: 1 }, signal).then(() => served.push('first'));
    void budget.reserve({ bytes: 1, records: 1 }, signal).then(() => served.push('second'));
    await settled();
    expect([served, budget.tryReserve({ bytes: 1, records: 1 })]).toEqual([[], false]);

    budget.adjust({ bytes: 8, records: 1 }, { bytes: 3, records: 1 });
    await settled();
    expect([served, budget.used.bytes]).toEqual([['first', 'second'], 10]);
  });

  it('forgets a request that was aborted, and serves those behind it', async () => {
    const budget = new WeightedBudget({ bytes: 10, records: 100 });
    const impatient = new AbortController();
    budget.tryReserve({ bytes: 5, records: 1 });
    const given = budget.reserve({ bytes: 9, records: 1 }, impatient.signal);
    const behind = budget.reserve({ bytes: 5, records: 1 }, new AbortController().signal);
    impatient.abort(new Error('stop'));

    await expect(given).rejects.toThrow('stop');
    await behind;
    expect(budget.used.bytes).toBe(10);
  });

  it('knows whether there is room beside what is certain', () => {
    const budget = new WeightedBudget({ bytes: 10, records: 100 });
    const guess = { bytes: 8, records: 1 };
    budget.tryReserve(guess);
    expect([budget.tryReserve(guess), budget.mayGetRoom(guess)]).toEqual([false, true]);
    budget.adjust(guess, { bytes: 3, records: 1 });
    expect([budget.mayGetRoom(guess), budget.mayGetRoom({ bytes: 7, records: 1 })]).toEqual([false, true]);
    budget.release({ bytes: 3, records: 1 });
    expect([budget.mayGetRoom({ bytes: 11, records: 1 }), budget.used]).toEqual([true, { bytes: 0, records: 0 }]);
  });
});

/** Resolves once every promise that could settle by now has settled. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
