/**
 * Messages that stand for records of several lanes, while lanes come and go at random: whatever is displaced comes again from its lane, so
 * that each record is written once and those of a lane in their order.
 */
import { randomFor, type SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { chainOf } from '../testing/chain.ts';
import { recordOf } from '../testing/fake-lane.ts';
import { HeldChain } from '../testing/held-chain.ts';
import { settled } from '../testing/held-sink.ts';
import { HeldStore } from '../testing/held-store.ts';
import { writerOf } from '../testing/writer-rig.ts';
import type { LaneHold } from './lane-hold.ts';
import { type AckHandle, RecordInHand } from './record-in-hand.ts';
import type { Processing } from './record-processing.ts';
import type { RecordWriter } from './record-writer.ts';

const KEYS = ['a', 'b', 'c', 'd'];
const RECORDS_A_LANE = 60;
/** More than a record that refers to data elsewhere. */
const PADDING = '.'.repeat(500);

const POSITION = { file: 'test.yaml', line: 1, column: 1 };
const LINES = { type: 'archive', options: { format: 'lines' } };
const BY_LANE = { type: 'group_by_value', options: { value: { source: '${! content().slice(0, 1) }', position: POSITION } } };
const BY_THREE = { type: 'split', options: { size: 3, byte_size: 0 } };
const DROP_SEVENS = 'root = if content().string().has_suffix("7") { deleted() }';

const processing = (records: Processing['records'], batches: Processing['batches']): Processing => ({
  records,
  batches,
  refusesFailed: false,
});

describe('messages of several lanes', () => {
  const cases: [string, Processing, boolean][] = [
    ['archives', processing(undefined, chainOf(LINES)), false],
    ['archives of some records', processing(chainOf(DROP_SEVENS), chainOf(LINES)), true],
    ['smaller archives', processing(undefined, chainOf(BY_THREE, LINES)), false],
    ['archives by lane', processing(undefined, chainOf(DROP_SEVENS, BY_LANE, LINES)), true],
    ['records', processing(chainOf(DROP_SEVENS), undefined), true],
  ];

  const variants = cases.flatMap(([name, chains, drops]) => [
    [name, chains, drops, undefined] as const,
    [`${name}, of processors that wait`, held(chains), drops, undefined] as const,
    [`${name}, the large ones put elsewhere`, chains, drops, new HeldStore()] as const,
    [`${name}, of processors that wait, the large ones put elsewhere`, held(chains), drops, new HeldStore()] as const,
  ]);

  it.each(variants)('lose, repeat and reorder nothing: %s', async (_, chains, dropsSevens, store) => {
    const random = randomFor('joint lanes');
    const { seed } = random;
    const settings: Parameters<typeof writerOf>[0] = {
      ordering: 'strict',
      maxInFlight: 3,
      // With a store, records with numbers of two digits and most archives are too large.
      maxRecordBytes: store ? PADDING.length + 3 : 1_000,
      keys: { partitionKey: () => 'k', hashKey: 'none' },
      batching: { count: 7, byteSize: 0, periodMs: 0 },
      processing: chains,
    };
    const rig = writerOf(settings, undefined, { ...(store && { largeRecords: store }) });
    const lanes = KEYS.map((key) => new TestLane(rig.writer, key, store ? PADDING : ''));
    for (let step = 0; lanes.some(({ isDone }) => !isDone); step++) {
      expect(step, `seed ${seed}: still not done`).toBeLessThan(5_000);
      await takeStep(random, rig, lanes, step < 600);
      await releaseSome(random, chains, step < 600);
      await answerStore(random, store, step < 600);
    }

    expect(rig.bugs(), `seed ${seed}`).toEqual([]);
    const written = rig.sink.written.flatMap((text) => (store?.resolve(text) ?? text).split('\n'));
    if (store) expect(store.objects.size).toBeGreaterThan(10);
    for (const { key, texts, displacements } of lanes) {
      const expected = texts.filter((text) => !dropsSevens || !text.endsWith('7'));
      expect(
        written.filter((text) => text.startsWith(key)),
        `seed ${seed}, displaced ${displacements} times`,
      ).toEqual(expected);
    }
  });
});

/** Lets something happen to the lanes or to what is on its way; nothing bad once it is `isRough` no more. */
async function takeStep(
  random: SeededRandom,
  { writer, sink, clock }: ReturnType<typeof writerOf>,
  lanes: readonly TestLane[],
  isRough: boolean,
) {
  const lane = lanes[random.below(lanes.length)]!;
  const dice = random.below(100);
  if (!isRough || dice < 40) lane.take(1 + random.below(4));
  if (isRough && dice > 95) lane.close();
  if (isRough && dice > 85) lane.isPaused = !lane.isPaused;
  if (!isRough) for (const one of lanes) one.isPaused = false;
  if (!isRough || dice % 10 === 0) writer.flush('memory');
  const request = sink.open[random.below(sink.open.length)];
  if (request && dice % 3 === 0) {
    const failed = isRough && random.chance(0.3) ? request.texts.map((text) => [text, 'InternalFailure']) : [];
    await request.answer(Object.fromEntries(failed));
  }
  clock.advance(isRough ? 50 : 2_000);
  await settled();
}

const held = ({ records, batches, refusesFailed }: Processing): Processing => ({
  records: records && new HeldChain(records),
  batches: batches && new HeldChain(batches),
  refusesFailed,
});

/** Lets processors that wait go on, in any order. */
async function releaseSome(random: SeededRandom, { records, batches }: Processing, isRough: boolean): Promise<void> {
  for (const chain of [records, batches]) {
    if (!(chain instanceof HeldChain)) continue;
    for (let left = isRough ? random.below(3) : 20; left > 0 && chain.open.length > 0; left--) {
      chain.open[random.below(chain.open.length)]!.release();
      await settled();
    }
  }
}

/** Answers puts, in any order; some fail. */
async function answerStore(random: SeededRandom, store: HeldStore | undefined, isRough: boolean): Promise<void> {
  for (let left = isRough ? random.below(3) : 20; left > 0 && store && store.open.length > 0; left--) {
    const put = store.open[random.below(store.open.length)]!;
    await (isRough && random.chance(0.3) ? put.fail() : put.done());
  }
}

/** A lane that is given back when it is closed or displaced, and taken again with whatever is not resolved. */
class TestLane {
  readonly key: string;
  readonly texts: readonly string[];
  readonly #writer: RecordWriter;
  readonly #resolved = new Set<string>();
  #hold: TestLaneHold | undefined;
  isPaused = false;
  displacements = 0;

  constructor(writer: RecordWriter, key: string, padding: string) {
    this.key = key;
    this.texts = Array.from({ length: RECORDS_A_LANE }, (_, number) => `${key}${padding}${number}`);
    this.#writer = writer;
  }

  get isDone(): boolean {
    return this.#resolved.size === this.texts.length;
  }

  take(count: number): void {
    this.#hold ??= new TestLaneHold(
      this,
      this.texts.filter((text) => !this.#resolved.has(text)),
    );
    if (this.#hold.isOpen) this.#writer.accept(this.#hold.take(count));
  }

  close(): void {
    const hold = this.#hold;
    if (!hold?.isOpen) return;
    hold.isOpen = false;
    void this.#writer.withdraw(hold).then(() => {
      this.#hold = undefined;
    });
  }

  displace(): void {
    if (this.#hold?.isOpen) this.displacements++;
    this.close();
  }

  resolve(text: string): void {
    if (this.#resolved.has(text)) throw new Error(`${text} was resolved already`);
    this.#resolved.add(text);
  }
}

class TestLaneHold implements LaneHold {
  readonly lanes = [this];
  readonly #lane: TestLane;
  readonly #waiting: string[];
  isOpen = true;

  constructor(lane: TestLane, waiting: string[]) {
    this.#lane = lane;
    this.#waiting = waiting;
  }

  take(count: number): RecordInHand[] {
    const texts = this.#waiting.splice(0, count);
    const settle: AckHandle['settle'] = (index, reason) => {
      if (reason) throw new Error(`${texts[index]} was rejected`);
      this.#lane.resolve(texts[index]!);
    };
    return texts.map((text, index) => new RecordInHand(recordOf(text), this, { ack: { settle }, acceptedMs: 0 }, index));
  }

  canSend(): boolean {
    return this.isOpen && !this.#lane.isPaused;
  }

  leaseEndsInMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  spent(): void {
    throw new Error('the budget has no end');
  }

  displaced(): void {
    this.#lane.displace();
  }
}
