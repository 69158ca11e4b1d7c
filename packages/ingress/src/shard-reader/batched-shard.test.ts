import type { BatchPolicy } from '@sluice/batcher';
import { WeightedBudget } from '@sluice/core';
import { ManualClock, rowsOf } from '@sluice/core/testing';
import type { Checkpoint, CheckpointAnswer } from '@sluice/lease';
import { describe, expect, it } from 'vitest';
import { QueueFullError } from '../errors.ts';
import { createFakeSession } from '../testing/fake-session.ts';
import { after } from '../testing/shard-reader-rig.ts';
import { BatchedShard } from './batched-shard.ts';
import type { GatheredRecord } from './gathered-record.ts';
import type { RecordSlice, ShardReport } from './shard-session.ts';

describe('BatchedShard', () => {
  it('enqueues what is complete, each batch by itself, and moves the checkpoint no further', async () => {
    const { shard, batches, stored } = shardOf({ count: 3 });
    await read(shard, '42', '43');
    expect([batches, stored]).toEqual([[], []]);
    await read(shard, '44', '45', '46', '47', '48');
    expect([batches, stored]).toEqual([['42 43 44', '45 46 47'], [after('47')]]);
    await read(shard, '49', '50');
    expect([batches.at(-1), stored.at(-1)]).toEqual(['48 49 50', after('50')]);
  });

  it.each<[string, Partial<BatchPolicy<GatheredRecord>>]>([
    ['bytes', { byteSize: 4 }],
    ['a check of the newest record', { check: (batch) => batch.at(-1)!.metadata['kinesis_sequence_number'] === '43' }],
  ])('completes a batch by %s', async (_, policy) => {
    const { shard, batches } = shardOf(policy);
    await read(shard, '42', '43', '44');
    expect(batches).toEqual(['42 43']);
  });

  it('keeps what it gathers when the memory of its page is used for something else', async () => {
    const { shard, batches } = shardOf({ count: 2 });
    const slice = sliceOf('42');
    await shard.enqueue(slice);
    slice.records.columns.bytes.fill(0);
    await read(shard, '43');
    expect(batches).toEqual(['42 43']);
  });

  it('enqueues an incomplete batch at the end of its period, and its checkpoint with it', async () => {
    const { shard, clock, batches, stored } = shardOf({ periodMs: 1_000 });
    await read(shard, '42');
    clock.advance(999);
    await settled();
    expect(batches).toEqual([]);
    clock.advance(1);
    await settled();
    expect([batches, stored]).toEqual([['42'], [after('42')]]);
  });

  it('tries a batch that is due again while its target is full', async () => {
    const { shard, clock, batches, faults, reports } = shardOf({ periodMs: 1_000 });
    await read(shard, '42');
    faults.push(new QueueFullError('out'));
    clock.advance(1_000);
    await settled();
    expect([batches, reports]).toEqual([[], [{ type: 'reader.paused' }]]);
    clock.advance(250);
    await settled();
    expect(batches).toEqual(['42']);
  });

  it('gathers a slice once that comes again because its target was full', async () => {
    const { shard, batches, faults } = shardOf({ count: 2 });
    faults.push(new QueueFullError('out'));
    const slice = sliceOf('42', '43', '44');
    await expect(shard.enqueue(slice)).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    await shard.enqueue(slice);
    await read(shard, '45');
    expect(batches).toEqual(['42 43', '44 45']);
  });

  it('goes on where the reader begins anew, with what it had gathered before', async () => {
    const { shard, batches, faults } = shardOf({ count: 3 });
    await read(shard, '42');
    faults.push(new Error('no answer'));
    await expect(shard.enqueue(sliceOf('43', '44'))).rejects.toThrow('no answer');
    await shard.open(after('42'), AbortSignal.any([]));
    await read(shard, '43', '44');
    expect(batches).toEqual(['42 43 44']);
  });

  it('drops what it gathered where an operator has moved the checkpoint, and answers that', async () => {
    const { shard, batches, surprises } = shardOf({ count: 2 });
    surprises.push({ outcome: 'moved', stored: after('7') });
    await shard.enqueue(sliceOf('42', '43', '44'));
    expect(await shard.moveCheckpoint()).toEqual({ outcome: 'moved', stored: after('7') });
    await shard.open(after('7'), AbortSignal.any([]));
    await read(shard, '8', '9');
    expect(batches).toEqual(['42 43', '8 9']);
  });

  it('enqueues what is left before the shard ends', async () => {
    const { shard, batches, ended } = shardOf({ count: 5 });
    await read(shard, '42', '43');
    await shard.end(after('43'), { reason: 'read', childShards: [] });
    expect([batches, ended]).toEqual([['42 43'], [after('43')]]);
  });

  it('leaves an incomplete batch to the next owner at a stop, which reads it again', async () => {
    const { shard, clock, batches, stored, budget } = shardOf({ count: 5, periodMs: 1_000 });
    await read(shard, '42', '43');
    shard[Symbol.dispose]();
    await shard.flush();
    clock.advance(5_000);
    await settled();
    expect([batches, stored, budget.used.bytes]).toEqual([[], [], 0]);
  });

  it('enqueues an incomplete batch where there is no memory to keep it', async () => {
    const budget = new WeightedBudget({ bytes: 2 * 258, records: Number.POSITIVE_INFINITY });
    const [first, second] = [shardOf({ count: 5 }, budget), shardOf({ count: 5 }, budget)];
    await read(first.shard, '42', '43');
    await read(second.shard, '44');
    expect([first.batches, second.batches]).toEqual([[], ['44']]);
    await read(first.shard, '45', '46', '47');
    expect([first.batches, budget.used.bytes]).toEqual([['42 43 45 46 47'], 0]);
  });

  it('counts a check that fails as false, and says so', async () => {
    const { shard, batches, reports } = shardOf({ count: 2, check: () => fail() });
    await read(shard, '42', '43');
    expect([batches, reports.map(({ type }) => type)]).toEqual([['42 43'], ['batchCheck.failed']]);
  });
});

/** As the machine does: what was enqueued moves the checkpoint. */
async function read(shard: BatchedShard, ...numbers: string[]): Promise<void> {
  await shard.enqueue(sliceOf(...numbers));
  await expect(shard.moveCheckpoint()).resolves.toEqual({ outcome: 'stored' });
}

const sliceOf = (...numbers: string[]): RecordSlice => ({
  isLast: true,
  records: rowsOf(
    numbers.map((sequenceNumber) => ({
      ...{ partitionKey: 'k', data: Buffer.from('xx'), metadata: {} },
      origin: { stream: 's', shardId: 'shard-0', sequenceNumber, subSequenceNumber: 0, arrivalTimeMs: 0 },
    })),
  ),
});

/** A shard at checkpoint 41 over a session that keeps what it is given. */
function shardOf(
  policy: Partial<BatchPolicy<GatheredRecord>>,
  budget = new WeightedBudget({ bytes: 1e6, records: Number.POSITIVE_INFINITY }),
) {
  const clock = new ManualClock();
  const batches: string[] = [];
  const stored: Checkpoint[] = [];
  const ended: Checkpoint[] = [];
  const faults: Error[] = [];
  const surprises: CheckpointAnswer[] = [];
  const reports: ShardReport[] = [];
  const session = {
    ...createFakeSession(),
    checkpoint: after('41'),
    enqueue: async ({ records, inputBatches }: RecordSlice) => {
      const fault = faults.shift();
      if (fault) throw fault;
      const ofBatch = Map.groupBy(records.indexes, (index) => inputBatches![index]);
      for (const indexes of ofBatch.values())
        batches.push(indexes.map((index) => records.columns.positionOf(index).sequenceNumber).join(' '));
    },
    moveCheckpoint: async (_: Checkpoint, to: Checkpoint): Promise<CheckpointAnswer> => {
      const surprise = surprises.shift();
      if (surprise) return surprise;
      stored.push(to);
      return { outcome: 'stored' };
    },
    end: async (from: Checkpoint): Promise<CheckpointAnswer> => {
      ended.push(from);
      return { outcome: 'stored' };
    },
  };
  const report = (event: ShardReport) => void reports.push(event);
  const off = { count: 0, byteSize: 0, periodMs: 0 };
  const shard = new BatchedShard(session, { policy: { ...off, ...policy }, budget, clock, report });
  return { shard, clock, batches, stored, ended, faults, surprises, reports, budget };
}

const settled = () => new Promise(setImmediate);

const fail = (): never => {
  throw new Error('no number');
};
