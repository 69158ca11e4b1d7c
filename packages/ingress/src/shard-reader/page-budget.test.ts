import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { PageBudget, type PageShare } from './page-budget.ts';

const { signal } = new AbortController();

describe('PageBudget', () => {
  it('lets as many pages in as fit, and the next one when another is freed, in the order in which they came', async () => {
    const { ask, granted } = budgetOf(400);
    const [first, second] = [ask('a', 200), ask('b', 100)];
    void ask('c', 200);
    void ask('d', 10);
    await settled();
    expect(granted).toEqual(['a', 'b']);

    (await second)[Symbol.dispose]();
    await settled();
    expect(granted).toEqual(['a', 'b']);
    (await first)[Symbol.dispose]();
    await settled();
    expect(granted).toEqual(['a', 'b', 'c', 'd']);
  });

  it('gives back what a page turned out not to need, and counts what it took beyond its share', async () => {
    const { budget, ask, granted } = budgetOf(400);
    const page = await ask('a', 300);
    void ask('b', 250);
    page.fit({ bytes: 50, records: 1 });
    await settled();
    expect([granted, budget.used.bytes]).toEqual([['a', 'b'], 300]);

    page.fit({ bytes: 1_000, records: 1 });
    void ask('c', 1);
    page[Symbol.dispose]();
    page[Symbol.dispose]();
    await settled();
    expect([granted, budget.used.bytes]).toEqual([['a', 'b', 'c'], 251]);
  });

  it('lets no further page in while those in memory hold all the records that there may be', async () => {
    const { ask, granted } = budgetOf(400);
    const page = await ask('a', 200);
    page.fit({ bytes: 100, records: 1_001 });
    void ask('b', 100);
    await settled();
    expect(granted).toEqual(['a']);
    page[Symbol.dispose]();
    await settled();
    expect(granted).toEqual(['a', 'b']);
  });

  it('lets a page in alone that is larger than all there is', async () => {
    const { budget, ask } = budgetOf(400);
    expect((await ask('a', 5_000)).bytes).toBe(5_000);
    expect(budget.used.bytes).toBe(5_000);
  });

  it('gives who has waited a second in vain a small share that no other shard can take away', async () => {
    const { budget, ask, clock } = budgetOf(400);
    for (let shard = 0; shard < 5; shard++) budget.join();
    const stuck = await ask('stuck', 300);
    const [small, tiny] = [ask('small', 200), ask('tiny', 4)];
    clock.advance(999);
    await settled();
    expect(budget.used.bytes).toBe(300);
    clock.advance(1);
    // A quarter of the memory is set aside for three shares of each of five shards.
    expect([(await small).bytes, (await tiny).bytes, budget.used.bytes]).toEqual([100 / 15, 4, 300]);

    (await small).fit({ bytes: 25, records: 1 });
    expect(budget.used.bytes).toBe(300 + 25 - 100 / 15);
    for (const share of [await small, await tiny, stuck]) share[Symbol.dispose]();
    expect(budget.used.bytes).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sets less aside for each shard the more there are, until they leave', async () => {
    const { budget, ask, clock } = budgetOf(400);
    const leave = [budget.join(), budget.join()];
    await ask('stuck', 300);
    leave[0]!();
    leave[0]!();
    const page = ask('a', 200);
    clock.advance(1_000);
    expect((await page).bytes).toBe(100 / 3);
  });

  it('takes an aborted page out of the queue, and frees the share of one that was let in', async () => {
    const { budget, ask, granted, clock } = budgetOf(400);
    const [first, second] = [new AbortController(), new AbortController()];
    const held = await ask('a', 300, first.signal);
    const waiting = ask('b', 300, second.signal);
    void ask('c', 200);
    second.abort(new Error('no longer'));
    await expect(waiting).rejects.toThrow('no longer');
    first.abort(new Error('no longer'));
    held.fit({ bytes: 300, records: 1 });
    await settled();
    expect([granted, budget.used.bytes, clock.pendingTimers]).toEqual([['a', 'c'], 200, 0]);
    await expect(budget.reserve(1, second.signal)).rejects.toThrow('no longer');
  });
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A budget of which three quarters are pooled; `granted` tells who was let in. */
function budgetOf(totalBytes: number) {
  const clock = new ManualClock();
  const budget = new PageBudget({ bytes: totalBytes, records: 1_000 }, clock);
  const granted: string[] = [];
  const ask = (name: string, bytes: number, until: AbortSignal = signal): Promise<PageShare> => {
    const share = budget.reserve(bytes, until);
    share.then(
      () => granted.push(name),
      () => undefined,
    );
    return share;
  };
  return { budget, clock, ask, granted };
}
