import { describe, expect, it } from 'vitest';
import { always, type Item, item, labelOf, labels } from '../testing/scheduled-items.ts';
import { type Ordering, RecordScheduler } from './record-scheduler.ts';
import type { PlainDraft } from './request-draft.ts';

describe('RecordScheduler', () => {
  it('fills a request with several records of a key, and sends nothing newer of it while unresolved', () => {
    const scheduler = schedulerOf('key', ['a1', 'a2', 'b1']);
    const first = scheduler.next(0, always)!;
    expect(labels(first)).toEqual(['a1', 'a2', 'b1']);
    scheduler.add(item('a3'));
    scheduler.add(item('c1'));
    expect(labels(scheduler.next(0, always))).toEqual(['c1']);
    expect(scheduler.next(0, always)).toBeUndefined();
    scheduler.settle(first, [], 0);
    expect(labels(scheduler.next(0, always))).toEqual(['a3']);
  });

  it('sends one record of a key a request when strict', () => {
    const scheduler = schedulerOf('strict', ['a1', 'a2', 'b1', 'a3']);
    const first = scheduler.next(0, always)!;
    expect(labels(first)).toEqual(['a1', 'b1']);
    expect(scheduler.next(0, always)).toBeUndefined();
    scheduler.settle(first, [], 0);
    expect(labels(scheduler.next(0, always))).toEqual(['a2']);
  });

  it('holds nothing back without order', () => {
    const scheduler = schedulerOf('none', ['a1', 'a2', 'a3'], { maxRecords: 2, maxBytes: 100 });
    expect([labels(scheduler.next(0, always)), labels(scheduler.next(0, always))]).toEqual([['a1', 'a2'], ['a3']]);
  });

  it('sends failed records first in the order of their key, after their pause, while other keys go on', () => {
    const scheduler = schedulerOf('key', ['a1', 'a2', 'a3', 'b1']);
    const first = scheduler.next(0, always)!;
    scheduler.add(item('a4'));
    scheduler.add(item('b2'));
    scheduler.settle(first, [first.items[0]!, first.items[2]!], 500);
    expect(labels(scheduler.next(499, always))).toEqual(['b2']);
    expect([scheduler.next(499, always), scheduler.nextDueMs]).toEqual([undefined, 500]);
    expect(labels(scheduler.next(500, always))).toEqual(['a1', 'a3', 'a4']);
  });

  it('keeps within the bytes of a request, but lets a single record try that is over them', () => {
    const scheduler = schedulerOf('none', [], { maxRecords: 500, maxBytes: 10 });
    for (const [label, size] of [
      ['a', 6],
      ['b', 4],
      ['c', 1],
      ['d', 11],
    ] as const)
      scheduler.add(item(label, { byteSize: size }));
    const requests = [1, 2, 3, 4].map(() => labels(scheduler.next(0, always)));
    expect(requests).toEqual([['a', 'b'], ['c'], ['d'], undefined]);
  });

  it('holds the records of a lane that may not send, and goes on with the others', () => {
    const scheduler = schedulerOf('key', []);
    for (const [label, owner] of [
      ['a1', 1],
      ['a2', 2],
      ['b1', 2],
      ['c1', 1],
    ] as const)
      scheduler.add(item(label, { owner }));
    expect(labels(scheduler.next(0, (owner) => owner !== 1))).toEqual(['b1']);
    expect(labels(scheduler.next(0, (owner) => owner === 1))).toEqual(['a1', 'c1']);
  });

  it('withdraws what waits of a lane, held and delayed records included', () => {
    const scheduler = schedulerOf('key', []);
    for (const [label, owner] of [
      ['a1', 1],
      ['a2', 2],
      ['b1', 1],
    ] as const)
      scheduler.add(item(label, { owner }));
    const first = scheduler.next(0, always)!;
    scheduler.add(item('a3', { owner: 1 }));
    scheduler.settle(first, [first.items[0]!], 100);
    expect(scheduler.withdraw((owner) => owner === 1).map(labelOf)).toEqual(['a1', 'a3']);
    expect([scheduler.waiting, scheduler.next(100, always)]).toEqual([0, undefined]);
    scheduler.add(item('a4', { owner: 2 }));
    expect(labels(scheduler.next(100, always))).toEqual(['a4']);
  });

  it('bisects an invalid request until the offender is alone', () => {
    const scheduler = schedulerOf('key', ['a1', 'b1', 'a2', 'c1', 'd1']);
    const sent: string[][] = [];
    for (let request = scheduler.next(0, always); request; request = scheduler.next(0, always)) {
      sent.push(labels(request)!);
      if (request.items.length > 1 && request.items.some((one) => labelOf(one) === 'a2')) scheduler.bisect(request, () => true);
      else scheduler.settle(request, [], 0);
    }
    expect(sent).toEqual([['a1', 'a2', 'b1', 'c1', 'd1'], ['a1', 'a2', 'b1'], ['a1', 'a2'], ['a1'], ['a2'], ['b1'], ['c1', 'd1']]);
  });

  it('works a constant time a record, however many keys and records wait', () => {
    const scheduler = schedulerOf('key', []);
    let looked = 0;
    for (let index = 0; index < 100_000; index++) scheduler.add(item(`k${index % 5_000}-${index}`, { key: `k${index % 5_000}` }));
    for (let request = scheduler.next(0, always); request; ) {
      const current: PlainDraft<Item> = request;
      scheduler.settle(current, [], 0);
      request = scheduler.next(0, () => {
        looked++;
        return true;
      });
    }
    expect(looked).toBeLessThan(210_000);
  });
});

function schedulerOf(ordering: Ordering, waiting: string[], limits = { maxRecords: 500, maxBytes: 1_000 }) {
  const scheduler = new RecordScheduler<number, Item>(ordering, limits);
  for (const label of waiting) scheduler.add(item(label));
  return scheduler;
}
