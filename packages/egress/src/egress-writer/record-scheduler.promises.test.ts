import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { mutatedModule } from '../testing/mutated-module.ts';
import { SchedulerTraffic } from '../testing/scheduler-traffic.ts';
import { type Ordering, RecordScheduler } from './record-scheduler.ts';

const ORDERINGS = ['none', 'key', 'strict', 'shard'] as const;
const SEEDS = Array.from({ length: 128 }, (_, seed) => seed);
const ORDERED = ['key', 'strict', 'shard'] as const;

describe('RecordScheduler, in random traffic', () => {
  it.each(ORDERINGS)('keeps every promise, whatever fails: %s', (ordering) => {
    for (const seed of [...SEEDS.slice(0, 32), randomFor('scheduler').seed])
      expect({ seed, broken: brokenBy(RecordScheduler, ordering, seed) }).toEqual({ seed, broken: [] });
  });

  describe.each(mutations())('would be seen to break: $promise', ({ promise, change, orderings }) => {
    it.each(orderings)('%s', async (ordering) => {
      const mutant = await mutatedModule<{ RecordScheduler: typeof RecordScheduler }>(
        new URL('./record-scheduler.ts', import.meta.url),
        change,
      );
      const isSeen = SEEDS.some((seed) => brokenBy(mutant.RecordScheduler, ordering, seed).includes(promise));
      expect(isSeen).toBe(true);
    });
  });
});

const brokenBy = (Scheduler: typeof RecordScheduler, ordering: Ordering, seed: number): string[] =>
  new SchedulerTraffic(Scheduler, ordering, new SeededRandom(seed)).play();

interface Mutation {
  readonly promise: string;
  readonly change: readonly [before: string, after: string];
  readonly orderings: readonly Ordering[];
}

function mutations(): Mutation[] {
  const order = 'passed an earlier one of its line';
  return [
    { promise: order, change: ['if (!isNew) return;', 'if (!isNew && line.head !== item) return;'], orderings: ORDERED },
    { promise: order, change: ['line.unshift(item);', 'line.push(item);'], orderings: ORDERED },
    { promise: order, change: ['failed.toReversed()', 'failed'], orderings: ['key', 'shard'] },
    { promise: order, change: ['else line.push(item);', 'else line.unshift(item);'], orderings: ORDERED },
    { promise: order, change: ["ordering === 'none' ? (item) => item : lineOf", '(item) => item'], orderings: ORDERED },
    { promise: order, change: [' : lineOf;', ' : ({ partitionKey }) => partitionKey;'], orderings: ['shard'] },
    { promise: 'two of a line', change: ["this.#ordering === 'strict' || ", ''], orderings: ['strict'] },
    { promise: 'behind one that may be throttled', change: [' || newest?.isRisky(nowMs)', ''], orderings: ['key', 'shard'] },
    { promise: 'held back', change: ["ordering === 'none' ? (item) => item : lineOf", 'lineOf'], orderings: ['none'] },
    { promise: 'held back', change: ['      else this.#release(line);', ''], orderings: ORDERED },
    { promise: 'held back', change: ['this.#release(lines.shift()!)', 'lines.shift()'], orderings: ORDERINGS },
    { promise: 'held back', change: ['[...this.#ready.values(), ', '['], orderings: ORDERED },
    { promise: 'lost', change: ['if (line.hasFailed) delayed.push(line);', 'if (line.hasFailed) continue;'], orderings: ORDERINGS },
    { promise: 'sent before its pause ended', change: ['this.#delayed.add(retryAtMs', 'this.#delayed.add(0'], orderings: ORDERINGS },
    { promise: 'sent without lease', change: ['!canSend(first.owner)', 'false'], orderings: ORDERINGS },
    { promise: 'sent without lease', change: [' && canSend(next.owner)', ''], orderings: ['key', 'shard'] },
    { promise: 'sent without budget', change: ['outlet && !outlet.take(first.byteSize, nowMs)', 'false'], orderings: ORDERINGS },
    { promise: 'sent without budget', change: [' && hasBudget(next)', ''], orderings: ['key', 'shard'] },
    {
      promise: 'budget taken for nothing',
      change: [' && canSend(next.owner) && hasBudget(next)', ' && hasBudget(next) && canSend(next.owner)'],
      orderings: ['key', 'shard'],
    },
    { promise: 'limits', change: [' && !isTooLarge(next, draft)', ''], orderings: ['key', 'shard'] },
    { promise: 'limits', change: ['isTooLarge(first, draft)', 'false'], orderings: ORDERINGS },
    { promise: 'limits', change: ['      if (draft.records === 0) break;', ''], orderings: ORDERINGS },
    {
      promise: 'withdrawn in part',
      change: ['if (isNamed(item.owner)) withdrawn', 'if (isNamed(item.owner) && withdrawn.length < 2) withdrawn'],
      orderings: ORDERINGS,
    },
    { promise: 'sent though it did not wait', change: ['request.items.filter(isStillOwned)', 'request.items'], orderings: ORDERINGS },
  ];
}
