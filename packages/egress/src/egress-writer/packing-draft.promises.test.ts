import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { mutatedModule } from '../testing/mutated-module.ts';
import { holdOf } from '../testing/writer-rig.ts';
import { PackingDraft } from './packing-draft.ts';
import type { RecordInHand } from './record-in-hand.ts';

const SEEDS = Array.from({ length: 64 }, (_, seed) => seed);

interface Module {
  readonly PackingDraft: typeof PackingDraft;
}

/** What is told of each promise, and a change of the code that breaks it. */
const MUTATIONS: ReadonlyArray<readonly [promise: string, before: string, after: string]> = [
  ['of another shard', 'const group = shardId ?? keyGroupOf(item);', "const group = '';"],
  ['before an earlier one of its key', 'this.#open.set(group, this.entries.length);', 'if (place === undefined) this.#open.set(group, 0);'],
  [
    'before an earlier one of its line',
    'const mustBeLast = joins || (this.#rules.keepsLines && shardId === undefined);',
    'const mustBeLast = joins;',
  ],
  ['in another entry than it may join', 'if (hasRoom && (isLast || !mustBeLast)) {', 'if (hasRoom) {'],
  ['in another entry than it may join', 'if (joins || this.#isTooMuch', 'if (this.#isTooMuch'],
  ['limits of a request', 'this.entries.length >= maxRecords || ', ''],
  ['limits of a request', 'const hasRoom = this.byteSize + growth <= this.#limits.maxBytes;', 'const hasRoom = Number.isFinite(growth);'],
  ['limits of a request', 'return this.items.length >= this.#limits.maxItems;', 'return false;'],
  ['limits of a container', 'if (this.records.length >= this.#rules.maxRecords)', 'if (this.records.length > this.#rules.maxRecords)'],
  ['limits of a container', 'new Aggregator(this.#rules.maxBytes)', 'new Aggregator(2 * this.#rules.maxBytes)'],
  ['size', 'this.byteSize += growth;\n    return', 'this.byteSize += item.byteSize;\n    return'],
];

describe('PackingDraft, with random records', () => {
  it('keeps every promise', () => {
    for (const seed of [...SEEDS, randomFor('packing').seed])
      expect({ seed, broken: brokenBy({ PackingDraft }, seed) }).toEqual({ seed, broken: [] });
  });

  it.each(MUTATIONS)('would be seen to break: %s, %s', async (promise, before, after) => {
    const mutant = await mutatedModule<Module>(new URL('./packing-draft.ts', import.meta.url), [before, after]);
    expect(SEEDS.some((seed) => brokenBy(mutant, seed).includes(promise))).toBe(true);
  });
});

/** Fills a draft with random records, and says which promises it broke. */
function brokenBy({ PackingDraft: Draft }: Module, seed: number): string[] {
  const random = new SeededRandom(seed);
  const rules = {
    by: random.chance(0.5) ? 'shard' : 'key',
    maxRecords: 1 + random.below(6),
    maxBytes: 60 + random.below(200),
    keepsLines: random.chance(0.3),
  } as const;
  const limits = { maxRecords: 1 + random.below(20), maxBytes: 100 + random.below(1_500), maxItems: 5 + random.below(80) };
  const shardOf = ({ partitionKey }: Pick<RecordInHand, 'partitionKey'>) => `shard-${partitionKey.charCodeAt(0) % 3}`;
  const knowsShards = random.chance(0.7);
  const draft = new Draft(rules, limits, knowsShards ? { shardOf } : undefined);
  const broken = new Set<string>();
  for (const record of recordsOf(random)) {
    const joins = draft.items.length > 0 && random.chance(0.2);
    const before = draft.items.length;
    if (draft.add(record, { outlet: undefined, nowMs: 0, joins }) !== 'added') continue;
    if (joins && draft.entryOf(before) !== draft.entryOf(before - 1)) broken.add('in another entry than it may join');
  }

  const { items, entries, byteSize } = draft;
  const sizes = entries.map(({ partitionKey, data }) => data.byteLength + Buffer.byteLength(partitionKey));
  if (byteSize !== sizes.reduce((sum, size) => sum + size, 0)) broken.add('size');
  if (entries.length > limits.maxRecords || items.length > limits.maxItems || (entries.length > 1 && byteSize > limits.maxBytes))
    broken.add('limits of a request');
  for (const [index, { records }] of entries.entries()) {
    if (records.length > rules.maxRecords || (records.length > 1 && sizes[index]! > rules.maxBytes)) broken.add('limits of a container');
    if (new Set(records.map(shardOf)).size > 1) broken.add('of another shard');
  }
  const [ofKey, ofLine] = [new Map<string, number>(), new Map<string, number>()];
  for (const [index, item] of items.entries()) {
    const entry = draft.entryOf(index);
    if (entry < (ofKey.get(item.partitionKey) ?? 0)) broken.add('before an earlier one of its key');
    // All records are one line here: it has an order in each shard.
    if (rules.keepsLines && entry < (ofLine.get(shardOf(item)) ?? 0)) broken.add('before an earlier one of its line');
    ofKey.set(item.partitionKey, entry);
    ofLine.set(shardOf(item), entry);
  }
  return [...broken];
}

function recordsOf(random: SeededRandom): RecordInHand[] {
  const texts = Array.from({ length: 100 }, () => 'abcdefgh'[random.below(8)]! + 'x'.repeat(random.below(random.chance(0.1) ? 300 : 20)));
  const records = holdOf().records(...texts);
  for (const record of records) {
    record.partitionKey = Buffer.from(record.data).toString().slice(0, 1);
    record.byteSize = record.data.byteLength + 1;
  }
  return records;
}
