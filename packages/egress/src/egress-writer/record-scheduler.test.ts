import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { always, type Item, item, labelOf, labels, TestOutlet } from '../testing/scheduled-items.ts';
import { type Ordering, RecordScheduler, type ScheduledRequest } from './record-scheduler.ts';

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

  it.each<Ordering>(['key', 'strict', 'none'])('loses nothing and keeps its order whatever fails: %s', (ordering) => {
    const seeds = [1, 2, 3, 5, 8, 13, 21, randomFor('scheduler').seed];
    for (const seed of seeds) expect({ seed, broken: run(ordering, new SeededRandom(seed)) }).toEqual({ seed, broken: [] });
  });

  it('works a constant time a record, however many keys and records wait', () => {
    const scheduler = schedulerOf('key', []);
    let looked = 0;
    for (let index = 0; index < 100_000; index++) scheduler.add(item(`k${index % 5_000}-${index}`, { key: `k${index % 5_000}` }));
    for (let request = scheduler.next(0, always); request; ) {
      const current: ScheduledRequest<number, Item> = request;
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

/** Plays random traffic against a random service and says which promise broke. */
function run(ordering: Ordering, random: SeededRandom): string[] {
  const limits = { maxRecords: 1 + random.below(8), maxBytes: 10 + random.below(30) };
  const outlets = Array.from({ length: 3 }, () => new TestOutlet());
  const outletOf = ({ partitionKey }: Item) => outlets[Number(partitionKey.slice(1))];
  const scheduler = new RecordScheduler<number, Item>(ordering, limits, outletOf);
  const broken = new Set<string>();
  const added: Item[] = [];
  const poison = new Set<Item>();
  const withdrawn = new Set<Item>();
  const deadLetters = new Set<Item>();
  const deliveredAt = new Map<Item, number>();
  /** The requests a record was in, to tell a passing inside one request from a passing between two. */
  const sharedFailure = new Map<Item, Set<Item>>();
  const open: ScheduledRequest<number, Item>[] = [];
  const lapsed = new Set<number>();
  let nowMs = 0;
  let step = 0;

  const addOne = () => {
    const one = item(String(added.length), { key: `k${random.below(6)}`, owner: random.below(3), byteSize: 1 + random.below(10) });
    if (random.chance(0.02)) poison.add(one);
    added.push(one);
    scheduler.add(one);
  };
  const start = () => {
    const request = scheduler.next(nowMs, (owner) => !lapsed.has(owner));
    if (!request) return;
    if (request.items.length > limits.maxRecords || (request.items.length > 1 && request.byteSize > limits.maxBytes)) broken.add('limits');
    if (request.items.some(({ owner }) => lapsed.has(owner))) broken.add('sent without lease');
    if (request.items.some((one) => withdrawn.has(one))) broken.add('sent after withdrawal');
    const keys = request.items.map(({ partitionKey }) => partitionKey);
    const risky = request.items.filter((one) => outletOf(one)?.risky).map(({ partitionKey }) => partitionKey);
    if (ordering !== 'none' && new Set(risky).size < risky.length) broken.add('two of a risky key');
    if (ordering === 'strict' && new Set(keys).size < keys.length) broken.add('two of a key');
    if (ordering !== 'none' && open.some(({ items }) => items.some(({ partitionKey }) => keys.includes(partitionKey))))
      broken.add('key sent while unresolved');
    open.push(request);
  };
  const answer = () => {
    const request = open.splice(random.below(open.length), 1)[0];
    if (!request) return;
    const offenders = request.items.filter((one) => poison.has(one));
    if (offenders.length > 0 && request.items.length > 1) return scheduler.bisect(request, (one) => !withdrawn.has(one));
    for (const one of offenders) deadLetters.add(one);
    const failed = random.chance(0.3) ? request.items.filter((one) => !offenders.includes(one) && random.chance(0.4)) : [];
    for (const one of request.items) {
      if (failed.includes(one)) sharedFailure.set(one, new Set([...(sharedFailure.get(one) ?? []), ...request.items]));
      else if (!offenders.includes(one)) {
        if (deliveredAt.has(one)) broken.add('delivered twice');
        deliveredAt.set(one, step * 1_000 + request.items.indexOf(one));
      }
    }
    scheduler.settle(
      request,
      failed.filter((one) => !withdrawn.has(one)),
      nowMs + random.below(50),
    );
  };
  const lend = () => {
    const outlet = outlets[random.below(3)]!;
    outlet.risky = random.chance(0.3);
    outlet.records = random.below(6);
    scheduler.replenish(outlet, outlet.records);
  };
  const withdraw = () => {
    const owner = random.below(3);
    for (const one of scheduler.withdraw((one) => one === owner)) withdrawn.add(one);
    for (const { items } of open) for (const one of items) if (one.owner === owner) withdrawn.add(one);
  };

  for (step = 0; step < 2_000; step++) {
    nowMs += random.below(5);
    if (random.chance(0.6)) addOne();
    if (open.length < 4) start();
    if (random.chance(0.5)) answer();
    if (random.chance(0.3)) lend();
    if (random.chance(0.005)) withdraw();
    if (random.chance(0.02)) lapsed.add(random.below(3));
    if (random.chance(0.05)) lapsed.clear();
  }
  lapsed.clear();
  for (const end = step + 20_000; step < end && (scheduler.waiting > 0 || open.length > 0); step++) {
    nowMs += 50;
    lend();
    start();
    answer();
  }

  const lost = added.filter((one) => !deliveredAt.has(one) && !withdrawn.has(one) && !deadLetters.has(one));
  if (lost.length > 0) broken.add(`lost ${lost.length}`);
  if ([...deadLetters].some((one) => !poison.has(one))) broken.add('neighbour dead-lettered');
  if (ordering !== 'none' && scheduler.nextDueMs !== undefined) broken.add('left a delay behind');
  for (const [later, two] of added.entries()) {
    for (const one of added.slice(0, later)) {
      if (ordering === 'none' || one.partitionKey !== two.partitionKey || withdrawn.has(one) || withdrawn.has(two)) continue;
      const passed = (deliveredAt.get(one) ?? 0) > (deliveredAt.get(two) ?? Number.POSITIVE_INFINITY);
      if (passed && (ordering === 'strict' || !sharedFailure.get(one)?.has(two))) broken.add(`${two.label} passed ${one.label}`);
    }
  }
  return [...broken];
}
