import { describe, expect, it } from 'vitest';
import { always, type Item, item, labels, TestOutlet } from '../testing/scheduled-items.ts';
import { type Ordering, RecordScheduler } from './record-scheduler.ts';

describe('RecordScheduler, with outlets', () => {
  it('keeps the keys of an outlet without budget back, in their order, and goes on with the others', () => {
    const { scheduler, outlets } = schedulerWithOutlets('key', ['a1', 'a2', 'b1', 'c1']);
    outlets.a.records = 1;
    outlets.c.records = 5;
    expect(labels(scheduler.next(0, always))).toEqual(['a1', 'c1']);
    scheduler.add(item('b2'));
    expect([scheduler.next(0, always), outlets.b.refused, scheduler.waitingForBudget]).toEqual([undefined, 1, 2]);
    outlets.b.records = 2;
    expect(scheduler.replenish(outlets.b, { records: 2, bytes: 1_000 })).toBe(false);
    expect(labels(scheduler.next(0, always))).toEqual(['b1', 'b2']);
  });

  it('wakes as many keys as an outlet has budget for, and says whether more wait', () => {
    const { scheduler, outlets } = schedulerWithOutlets('none', ['a1', 'a2', 'a3']);
    expect([scheduler.next(0, always), outlets.a.refused]).toEqual([undefined, 3]);
    outlets.a.records = 2;
    expect(scheduler.replenish(outlets.a, { records: 2, bytes: 1_000 })).toBe(true);
    expect(labels(scheduler.next(0, always))).toEqual(['a1', 'a2']);
    expect(scheduler.replenish(outlets.a)).toBe(false);
    expect([scheduler.next(0, always), outlets.a.refused]).toEqual([undefined, 4]);
  });

  it('sends one record of a key a request where the outlet is risky', () => {
    const { scheduler, outlets } = schedulerWithOutlets('key', ['a1', 'a2', 'b1', 'b2']);
    for (const outlet of Object.values(outlets)) outlet.records = 10;
    outlets.a.risky = true;
    expect(labels(scheduler.next(0, always))).toEqual(['a1', 'b1', 'b2']);
  });

  it('takes budget only for what leaves', () => {
    const { scheduler, outlets } = schedulerWithOutlets('key', ['a1', 'a2', 'a3'], { maxRecords: 500, maxBytes: 2 });
    outlets.a.records = 3;
    expect(labels(scheduler.next(0, always))).toEqual(['a1', 'a2']);
    expect(outlets.a.records).toBe(1);
  });

  it('forgets the withdrawn keys of an outlet without budget', () => {
    const { scheduler, outlets } = schedulerWithOutlets('key', ['a1']);
    scheduler.next(0, always);
    scheduler.withdraw(() => true);
    scheduler.replenish(outlets.a, { records: 1, bytes: 1_000 });
    scheduler.add(item('a2'));
    outlets.a.records = 1;
    expect(labels(scheduler.next(0, always))).toEqual(['a2']);
  });
});

/** Each key has an outlet of its own. */
function schedulerWithOutlets(ordering: Ordering, waiting: string[], limits = { maxRecords: 500, maxBytes: 1_000 }) {
  const outlets = { a: new TestOutlet(), b: new TestOutlet(), c: new TestOutlet() };
  const scheduler = new RecordScheduler<number, Item>(ordering, limits, ({ partitionKey }) => outlets[partitionKey as 'a']);
  for (const label of waiting) scheduler.add(item(label));
  return { scheduler, outlets };
}
