/** A reader over a shard with input batches, in random traffic: targets that are full, calls that fail, crashes, operators who rewind. */
import { WeightedBudget } from '@sluice/core';
import { ManualClock, rowsOf } from '@sluice/core/testing';
import type { Checkpoint, CheckpointAnswer } from '@sluice/lease';
import { randomFor, type SeededRandom } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { QueueFullError } from '../errors.ts';
import { createFakeSession } from '../testing/fake-session.ts';
import { after } from '../testing/shard-reader-rig.ts';
import { BatchedShard } from './batched-shard.ts';
import type { RecordSlice } from './shard-session.ts';

const RECORDS = 300;
const SHARD_END = 'SHARD_END';

it.each(Array.from({ length: 40 }, (_, run) => run))(
  'loses nothing, keeps the order, and has no checkpoint beyond the lanes: run %d',
  async (run) => {
    const random = randomFor(`input batches ${run}`);
    const shard = new ShardOfRecords(random);
    for (let life = 0; shard.stored !== SHARD_END; life++) await shard.readUntilCrash(life < 4);
    expect(shard.broken).toEqual([]);
    expect(shard.firstOccurrences()).toEqual(Array.from({ length: RECORDS }, (_, index) => index + 1));
  },
);

/** What is stored of a shard of so many records, and what is in its lanes. */
class ShardOfRecords {
  readonly #random: SeededRandom;
  readonly #budget: WeightedBudget;
  readonly #enqueued: number[] = [];
  readonly broken: string[] = [];
  /** The number of the last record before which everything is in the lanes. */
  stored: number | typeof SHARD_END = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#budget = new WeightedBudget({ bytes: random.between(200, 20_000), records: Number.POSITIVE_INFINITY });
  }

  firstOccurrences(): number[] {
    return [...new Set(this.#enqueued)];
  }

  /** As the machine of a reader does. */
  async readUntilCrash(mayCrash: boolean): Promise<void> {
    const random = this.#random;
    const clock = new ManualClock();
    const shard = this.#open(clock);
    let checkpoint = shard.checkpoint;
    await shard.open(checkpoint, AbortSignal.any([]));
    for (let failures = 0; ; ) {
      if (mayCrash && random.next() < 0.01) break;
      if (random.next() < 0.3) await pass(clock, random.between(1, 200));
      if (random.next() < 0.02 && this.stored !== SHARD_END) this.stored = random.between(0, this.stored);
      const from = numberOf(checkpoint);
      try {
        const isEnd = from === RECORDS;
        const slice = sliceOf(from + 1, Math.min(RECORDS, from + random.between(1, 20)));
        const to = isEnd ? from : numberOf(slice);
        if (!isEnd) await untilThereIsRoom(() => shard.enqueue(slice));
        // The memory of its page is used for something else.
        slice.records.columns.bytes.fill(0);
        const answer = isEnd
          ? await untilThereIsRoom(() => shard.end(checkpoint, { reason: 'read', childShards: [] }))
          : await shard.moveCheckpoint();
        if (answer.outcome === 'stored' && isEnd) break;
        if (answer.outcome === 'stored') checkpoint = after(String(to));
        else {
          checkpoint = answer.stored;
          await shard.open(checkpoint, AbortSignal.any([]));
        }
      } catch {
        // The reader begins anew behind what it has taken for stored.
        expect(failures++).toBeLessThan(1_000);
        await shard.open(checkpoint, AbortSignal.any([]));
      }
    }
    shard[Symbol.dispose]();
    await shard.flush();
    expect(this.#budget.used.bytes).toBe(0);
  }

  #open(clock: ManualClock): BatchedShard {
    const random = this.#random;
    const policy = { count: random.between(0, 1) * random.between(2, 30), byteSize: 0, periodMs: random.between(50, 500) };
    const write = (from: Checkpoint, to: number | typeof SHARD_END): CheckpointAnswer => {
      if (this.stored !== numberOf(from)) return { outcome: 'moved', stored: checkpointOf(this.stored) };
      // Everything up to there is in the lanes, and whoever goes on from there misses nothing.
      const upTo = to === SHARD_END ? RECORDS : to;
      const known = new Set(this.#enqueued);
      for (let number = 1; number <= upTo; number++) if (!known.has(number)) this.broken.push(`checkpoint ${to} before ${number}`);
      this.stored = to;
      return { outcome: 'stored' };
    };
    const session = {
      ...createFakeSession(),
      checkpoint: checkpointOf(this.stored),
      enqueue: async ({ records }: RecordSlice) => {
        if (random.next() < 0.05) throw new QueueFullError('out');
        const numbers = Array.from(records, ({ origin, data }) => {
          const text = Buffer.from(data).toString();
          if (text !== `record ${origin!.sequenceNumber}`) this.broken.push(`${text} as ${origin!.sequenceNumber}`);
          return Number(origin!.sequenceNumber);
        });
        // An answer may be lost once they are in the lanes.
        const isFailing = random.next() < 0.05;
        if (!isFailing || random.next() < 0.5) this.#enqueued.push(...numbers);
        if (isFailing) throw new Error('no answer');
      },
      moveCheckpoint: async (from: Checkpoint, to: Checkpoint) => {
        if (random.next() < 0.02) throw new Error('no answer');
        return write(from, numberOf(to));
      },
      end: async (from: Checkpoint) => write(from, SHARD_END),
    };
    return new BatchedShard(session, { policy, budget: this.#budget, clock, report: () => undefined });
  }
}

async function untilThereIsRoom<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof QueueFullError)) throw error;
    }
  }
}

async function pass(clock: ManualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise(setImmediate);
}

function sliceOf(first: number, last: number): RecordSlice {
  const numbers = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => String(first + index));
  return {
    isLast: true,
    records: rowsOf(
      numbers.map((sequenceNumber) => ({
        ...{ partitionKey: 'k', data: Buffer.from(`record ${sequenceNumber}`), metadata: {} },
        origin: { stream: 's', shardId: 'shard-0', sequenceNumber, subSequenceNumber: 0, arrivalTimeMs: 0 },
      })),
    ),
  };
}

const checkpointOf = (stored: number | typeof SHARD_END): Checkpoint => {
  if (stored === SHARD_END) return { kind: 'SHARD_END' };
  return stored === 0 ? { kind: 'TRIM_HORIZON' } : after(String(stored));
};

function numberOf(of: Checkpoint | RecordSlice): number {
  if ('records' in of) return Number(of.records.at(-1)!.origin!.sequenceNumber);
  return of.kind === 'AFTER' ? Number(of.position.sequenceNumber) : 0;
}
