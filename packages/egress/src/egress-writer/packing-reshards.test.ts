import { KinesisTimeoutError } from '@sluice/kinesis';
import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { LiveShards } from '../shard-budget/live-shards.ts';
import { settled } from '../testing/held-sink.ts';
import { ReshardingStream } from '../testing/resharding-stream.ts';
import { retrying, writerOf } from '../testing/writer-rig.ts';
import type { AggregationRules } from './packing-draft.ts';
import type { Ordering } from './record-scheduler.ts';

const KEYS = 'abcdefghijklmnop';
const RECORDS = 400;
const ROOMY: AggregationRules = { by: 'shard', maxRecords: 1_000, maxBytes: 100_000 };
const TIGHT: AggregationRules = { by: 'shard', maxRecords: 3, maxBytes: 300 };

describe('aggregates of shards', () => {
  it.each([
    ['key', ROOMY],
    ['strict', ROOMY],
    ['strict', TIGHT],
  ] as const)(
    'lose nothing and keep the order of keys, for a reader that drops each aggregate with a misplaced record: %s, %o',
    async (ordering, rules) => {
      for (const { seed, outOfOrder, lost, bugs } of await runs(ordering, rules)) {
        expect({ lost, outOfOrder, bugs }, `seed ${seed}`).toEqual({ lost: [], outOfOrder: [], bugs: [] });
      }
    },
  );

  it.each(['key', 'none'] as const)('lose nothing in small containers, and count what a request reorders: %s', async (ordering) => {
    for (const { seed, lost, outOfOrder, reordered, bugs } of await runs(ordering, TIGHT)) {
      expect({ lost, bugs }, `seed ${seed}`).toEqual({ lost: [], bugs: [] });
      if (ordering === 'key' && reordered === 0) expect(outOfOrder, `seed ${seed}`).toEqual([]);
    }
  });

  it('write records again for a reshard once, not until the shards are listed', async () => {
    const { seed } = randomFor('aggregates in doubt');
    const { stream, writer, hold, clock, misplaced } = writerOn(new SeededRandom(seed), 'key', ROOMY);
    stream.reshard();
    writer.accept(hold.records(...[...KEYS].map((key) => `${key}0`)));
    for (let round = 1; hold.written.length < KEYS.length * round && round < 20; round++) {
      await stream.answer(0);
      writer.accept(hold.records(...[...KEYS].map((key) => `${key}${round}`)));
      clock.advance(5_000);
      await settled();
    }
    expect(misplaced()).toBeLessThanOrEqual(KEYS.length);
  });
});

async function runs(ordering: Ordering, rules: AggregationRules) {
  const { seed } = randomFor(`aggregates of shards, ${ordering}`);
  const outcomes = [];
  for (let run = 0; run < 15; run++) outcomes.push(await runOnce(seed + run, ordering, rules));
  return outcomes;
}

/** Writes records while the stream is resharded, its list lags, and requests fail in part, as a whole or without an answer. */
async function runOnce(seed: number, ordering: Ordering, rules: AggregationRules) {
  const random = new SeededRandom(seed);
  const { stream, writer, hold, clock, events, bugs } = writerOn(random, ordering, rules);
  const texts = Array.from({ length: RECORDS }, (_, number) => `${KEYS[random.below(KEYS.length)]}${number}`);
  const waiting = [...texts];
  for (let step = 0; hold.written.length < RECORDS && step < 5_000; step++) {
    const isRough = step < 300;
    if (waiting.length > 0) writer.accept(hold.records(...waiting.splice(0, random.below(isRough ? 6 : 30))));
    if (isRough && random.chance(0.1)) stream.reshard();
    if (!isRough || random.chance(0.1)) stream.listAll();
    if (isRough && random.chance(0.05)) await stream.fail(new KinesisTimeoutError(1_000, { operation: 'PutRecords', stream: 'out' }));
    else if (random.chance(0.5)) await stream.answer(isRough && random.chance(0.3) ? 0.3 : 0);
    clock.advance(isRough ? 100 : 2_000);
    await settled();
  }
  const read = stream.read();
  const reordered = events.reduce((sum, event) => sum + (event.type === 'records.reordered' ? event.records : 0), 0);
  return { seed, lost: texts.filter((text) => !read.includes(text)), outOfOrder: outOfOrderOf(read), reordered, bugs: bugs() };
}

function writerOn(random: SeededRandom, ordering: Ordering, aggregation: AggregationRules) {
  const stream = new ReshardingStream(random, 3);
  const rig = writerOf({ ordering, aggregation, maxRecordBytes: 1_000_000, retry: retrying({ maxIntervalMs: 1_000 }) }, undefined, {
    sink: stream,
    shards: (clock) => new LiveShards({ shards: stream.map(), find: async () => stream.map(), clock }),
  });
  const misplaced = () => rig.events.reduce((sum, event) => sum + (event.type === 'records.misplaced' ? event.records : 0), 0);
  return { ...rig, stream, misplaced };
}

/** Records whose first occurrence comes behind that of a later one of their key. */
function outOfOrderOf(read: readonly string[]): string[] {
  const newest = new Map<string, number>();
  return [...new Set(read)].filter((text) => {
    const [key, number] = [text[0]!, Number(text.slice(1))];
    const isLate = number < (newest.get(key) ?? -1);
    newest.set(key, Math.max(number, newest.get(key) ?? -1));
    return isLate;
  });
}
