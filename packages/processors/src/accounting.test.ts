/** Whatever processors a chain is made of: no record is lost between a batch and what it becomes unless a processor drops it. */
import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import type { ProcessorSettings } from './processor.ts';
import { cacheOfMap, mappingOf, resourcesOf, runWaiting, step, text } from './testing/chain.ts';

const TEXT_FORMATS = ['concatenate', 'lines', 'json_array', 'binary', 'tar'];
const PACKED_FORMATS = ['zip', 'tar', 'binary', 'json_array'];
const ALGORITHMS = ['gzip', 'flate', 'lz4', 'snappy', 'zstd'];

type Random = (below: number) => number;
const oneOf = <T>(random: Random, values: readonly T[]): T => values[random(values.length)]!;
const archive = (format: string) => step('archive', { format, path: text('${! content().length() }') });

/** Drops records whose number is divisible by 5, where it can see them. */
const dropFifths = mappingOf('root = if (this.id % 5).catch(1) == 0 { deleted() }');
const failThirds = mappingOf('root = if (this.id % 3).catch(1) == 0 { throw("third") }');

/** Processors that lose nothing but what {@link dropFifths} drops, and leave text as text. */
const STEPS: ReadonlyArray<(random: Random, depth: number) => ProcessorSettings[]> = [
  (random) => [archive(oneOf(random, TEXT_FORMATS))],
  (random) => [step('unarchive', { format: oneOf(random, ['lines', 'json_array', 'json_documents', 'binary', 'tar']) })],
  (random) => {
    const format = oneOf(random, PACKED_FORMATS);
    return [archive(format), step('unarchive', { format })];
  },
  (random) => {
    const algorithm = oneOf(random, ALGORITHMS);
    return [step('compress', { algorithm, level: -1 }), step('decompress', { algorithm })];
  },
  () => [step('benchmark', { interval: 0, count_bytes: true }), step('sync_response')],
  () => [step('metric', { type: 'gauge', name: 'id', value: text('${! this.id }') })],
  () => [dropFifths],
  (random) => [step('cache', { resource: 'c', operator: oneOf(random, ['set', 'add', 'delete']), key: text('k'), value: text('v') })],
  () => [step('sleep', { duration: text('1us') })],
  (random, depth) => [
    step('retry', {
      processors: [step('noop'), ...stepsOf(random, depth + 1)],
      parallel: random(2) === 0,
      max_retries: 2,
      backoff: { initial_interval: 0, max_interval: 0, max_elapsed_time: 0 },
    }),
  ],
  () => [failThirds],
  (random) => [step('split', { size: 1 + random(4), byte_size: 0 })],
  () => [step('group_by_value', { value: text('${! json("group") }') })],
  (random) => [step('insert_part', { index: random(7) - 3, content: text('extra') })],
  (random, depth) => [
    step(oneOf(random, ['for_each', 'try', 'catch', 'parallel', 'processors']), { processors: stepsOf(random, depth + 1) }),
  ],
  (random, depth) => [step('try_catch', { processors: stepsOf(random, depth + 1), catch: stepsOf(random, depth + 1) })],
  (random, depth) => [
    step('while', {
      check: text('true'),
      max_loops: 1 + random(2),
      at_least_once: random(2) === 0,
      processors: stepsOf(random, depth + 1),
    }),
  ],
  (random, depth) => [
    step('workflow', {
      meta_path: '',
      order: [],
      branches: ['a', 'b'].map((name) => ({
        name,
        branch: step('branch', { processors: [step('noop'), ...stepsOf(random, depth + 1)], result_map: text(`meta ${name} = 1`) }),
      })),
    }),
  ],
  (random, depth) => [
    step('branch', {
      request_map: random(2) === 0 ? undefined : text('root = if (this.id % 2).catch(0) == 0 { deleted() } else { this }'),
      processors: [step('noop'), ...stepsOf(random, depth + 1)],
      result_map: random(2) === 0 ? undefined : text('meta branched = batch_index()'),
    }),
  ],
  (random, depth) => [
    step('switch', {
      cases: [
        { check: text('this.group == 1'), fallthrough: random(2) === 0, continue: random(2) === 0, processors: stepsOf(random, depth + 1) },
        {
          check: random(2) === 0 ? null : text('this.id > 4'),
          fallthrough: random(2) === 0,
          continue: false,
          processors: stepsOf(random, depth + 1),
        },
      ],
    }),
  ],
  (random, depth) => [step('group_by', { groups: [{ check: text('this.group == 0'), processors: stepsOf(random, depth + 1) }] })],
];

function stepsOf(random: Random, depth = 0): ProcessorSettings[] {
  return Array.from({ length: random(depth > 1 ? 1 : 5) }, () => oneOf(random, STEPS)(random, depth)).flat();
}

const idsIn = (content: Uint8Array): number[] =>
  [
    ...Buffer.from(content)
      .toString('latin1')
      .matchAll(/"id":(\d+)/g),
  ].map(([, id]) => Number(id));

describe('the account of source records', () => {
  it('holds for any chain, whether it waits or not', async () => {
    const { seed } = randomFor('accounts of chains');
    for (let round = 0; round < 400; round++) {
      const random = new SeededRandom(seed + round).below;
      const size = 1 + random(12);
      const steps = stepsOf(random);
      const outputs = await runWaiting(
        steps,
        Array.from({ length: size }, (_, id) => `{"group":${random(3)},"id":${id}}`),
        { refusesFailed: random(2) === 0, resources: resourcesOf({ cache: cacheOfMap() }) },
      );
      const context = `seed ${seed}, round ${round}: ${steps.map(({ type }) => type).join(', ')}`;
      for (const { message, sources } of outputs) {
        expect(sources.length, context).toBeGreaterThan(0);
        expect(sources, context).toEqual([...new Set(sources)].sort((a, b) => a - b));
        expect(
          sources.every((source) => source >= 0 && source < size),
          context,
        ).toBe(true);
        for (const id of idsIn(message.content)) expect(sources, context).toContain(id);
      }
      const arrived = new Set(outputs.flatMap(({ message }) => idsIn(message.content)));
      const lost = Array.from({ length: size }, (_, id) => id).filter((id) => !arrived.has(id) && id % 5 !== 0);
      expect(lost, context).toEqual([]);
    }
  });
});
