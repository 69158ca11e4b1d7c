import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { mutatedModule } from '../testing/mutated-module.ts';
import { type SchedulerParts, SchedulerTraffic } from '../testing/scheduler-traffic.ts';
import { type Ordering, RecordScheduler } from './record-scheduler.ts';
import { PlainDraft } from './request-draft.ts';

const ORDERINGS = ['none', 'key', 'strict', 'shard'] as const;
const SEEDS = Array.from({ length: 128 }, (_, seed) => seed);
const ORDERED = ['key', 'strict', 'shard'] as const;
const PARTS: SchedulerParts = { RecordScheduler, PlainDraft };

describe('RecordScheduler, in random traffic', () => {
  it.each(ORDERINGS)('keeps every promise, whatever fails: %s', (ordering) => {
    for (const seed of [...SEEDS.slice(0, 32), randomFor('scheduler').seed])
      expect({ seed, broken: brokenBy(PARTS, ordering, seed) }).toEqual({ seed, broken: [] });
  });

  describe.each(mutations())('would be seen to break: $promise', ({ promise, change, orderings, file }) => {
    it.each(orderings)('%s', async (ordering) => {
      const mutant = await mutatedModule<Partial<SchedulerParts>>(new URL(file ?? './record-scheduler.ts', import.meta.url), change);
      const isSeen = SEEDS.some((seed) => brokenBy({ ...PARTS, ...mutant }, ordering, seed).includes(promise));
      expect(isSeen).toBe(true);
    });
  });
});

const brokenBy = (parts: SchedulerParts, ordering: Ordering, seed: number): string[] =>
  new SchedulerTraffic(parts, ordering, new SeededRandom(seed)).play();

interface Mutation {
  readonly promise: string;
  readonly change: readonly [before: string, after: string];
  readonly orderings: readonly Ordering[];
  /** Where it is not the scheduler's. */
  readonly file?: string;
}

const DRAFT = './request-draft.ts';

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
    { promise: 'behind one that may be throttled', change: [' || (newest?.isRisky(nowMs) ?? false)', ''], orderings: ['key', 'shard'] },
    { promise: 'held back', change: ["ordering === 'none' ? (item) => item : lineOf", 'lineOf'], orderings: ['none'] },
    { promise: 'held back', change: ['      else this.#release(line);', ''], orderings: ORDERED },
    { promise: 'held back', change: ['this.#release(lines.shift()!)', 'lines.shift()'], orderings: ORDERINGS },
    { promise: 'held back', change: ['[...this.#ready.values(), ', '['], orderings: ORDERED },
    { promise: 'lost', change: ['if (line.hasFailed) delayed.push(line);', 'if (line.hasFailed) continue;'], orderings: ORDERINGS },
    { promise: 'sent before its pause ended', change: ['this.#delayed.add(retryAtMs', 'this.#delayed.add(0'], orderings: ORDERINGS },
    { promise: 'sent without lease', change: ['!canSend(first.owner)', 'false'], orderings: ORDERINGS },
    { promise: 'sent without lease', change: [' || !canSend(next.owner)', ''], orderings: ['key', 'shard'] },
    { promise: 'sent without budget', change: ['outlet && !outlet.take(byteSize, nowMs)', 'false'], orderings: ORDERINGS, file: DRAFT },
    { promise: 'sent without budget', change: ['outlet: newest, nowMs', 'outlet: undefined, nowMs'], orderings: ['key', 'shard'] },
    {
      promise: 'budget taken for nothing',
      change: [
        "if (outlet && !outlet.take(byteSize, nowMs)) return 'short';",
        'outlet?.take(byteSize, nowMs); outlet?.take(byteSize, nowMs);',
      ],
      orderings: ORDERINGS,
      file: DRAFT,
    },
    { promise: 'limits', change: ['this.byteSize + byteSize > this.#maxBytes', 'false'], orderings: ORDERINGS, file: DRAFT },
    { promise: 'limits', change: ['this.items.length >= this.#maxItems', 'false'], orderings: ORDERINGS, file: DRAFT },
    { promise: 'two of a line', change: ['joins || this.isFull', 'this.isFull'], orderings: ['strict'], file: DRAFT },
    {
      promise: 'withdrawn in part',
      change: ['if (isNamed(item.owner)) withdrawn', 'if (isNamed(item.owner) && withdrawn.length < 2) withdrawn'],
      orderings: ORDERINGS,
    },
    { promise: 'sent though it did not wait', change: ['request.items.filter(isStillOwned)', 'request.items'], orderings: ORDERINGS },
  ];
}
