import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { putAggregates, sourceOf } from '../testing/page-source-rig.ts';
import { PageBudget } from './page-budget.ts';

const { signal } = new AbortController();

describe('PageSource, of a page of aggregates,', () => {
  it('unpacks no more at once than there is memory for, and goes on after what was taken', async () => {
    const clock = new ManualClock();
    const budget = new PageBudget({ bytes: 8 * 1024 ** 2, records: 100_000 }, clock);
    const { pages, kinesis } = await sourceOf(0, { budget, clock });
    await putAggregates(kinesis, 4, 5_000);
    const page = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await budget.reserve(0, signal);

    const sizes: number[] = [];
    const inMemory: number[] = [];
    for (let isLast = false; !isLast; ) {
      const slice = await pages.take(page, { kind: 'TRIM_HORIZON' }, signal);
      sizes.push(slice.records.length);
      inMemory.push(budget.used.records);
      isLast = slice.isLast;
    }
    expect(sizes).toEqual([10_000, 10_000]);
    // Each counts in the budget until the next one is taken, beside the four containers of the page.
    expect(inMemory).toEqual(sizes.map((size) => 4 + size));
    expect(budget.used.bytes).toBeLessThan(4 * 1024 ** 2);
    pages[Symbol.dispose]();
    expect(budget.used).toEqual({ bytes: 0, records: 0 });
  });

  it('unpacks no more bytes at once than there is memory for', async () => {
    const { pages, kinesis } = await sourceOf(0);
    await putAggregates(kinesis, 4, 10, 100 * 1024);
    const page = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    const { records, isLast } = await pages.take(page, { kind: 'TRIM_HORIZON' }, signal);
    // A slice may take as much as a page, 3 MiB, and ends with the record that fills it.
    expect([records.length, isLast]).toEqual([31, false]);
  });

  it('makes do with little, without waiting, where pages hold the memory, its own among them', async () => {
    const clock = new ManualClock();
    const budget = new PageBudget({ bytes: 4 * 1024 ** 2, records: 100_000 }, clock);
    const { pages, kinesis } = await sourceOf(0, { budget, clock });
    await putAggregates(kinesis, 1, 5_000);
    const page = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    await budget.reserve(2.9 * 1024 ** 2, signal);
    // A quarter is set aside, for three shares of each shard.
    await expect(pages.take(page, { kind: 'TRIM_HORIZON' }, signal)).resolves.toMatchObject({ records: { length: 1_365 }, isLast: false });
  });

  it('begins inside an aggregate', async () => {
    const { pages, kinesis } = await sourceOf(0);
    await putAggregates(kinesis, 1, 10);
    const page = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    const position = { sequenceNumber: page.firstSequenceNumber!, subSequenceNumber: 6 };
    const { records } = await pages.take(page, { kind: 'AFTER', position }, signal);
    expect(Array.from(records, ({ origin }) => origin?.subSequenceNumber)).toEqual([7, 8, 9]);
  });

  it('lets what waits for its turn run before each slice', async () => {
    const { pages, kinesis } = await sourceOf(0);
    await putAggregates(kinesis, 1, 10);
    const page = await pages.next(await pages.open({ kind: 'TRIM_HORIZON' }, signal), signal);
    const order: string[] = [];
    setImmediate(() => order.push('renewal'));
    await pages.take(page, { kind: 'TRIM_HORIZON' }, signal).then(() => order.push('slice'));
    expect(order).toEqual(['renewal', 'slice']);
  });
});
