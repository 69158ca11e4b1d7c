import type { RecordColumns, SluiceRecord } from '@sluice/core';
import { rowsOf } from '@sluice/core/testing';
import { decodeInvocation } from '@sluice/function-protocol';
import { LeaseLostError } from '@sluice/lease';
import type { LaneBatch } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { toLaneBatches } from './lane-batches.ts';
import { createLaneQueue } from './lane-queue.ts';
import { egressTarget, functionTarget } from './lane-target.ts';

const source = { stream: 's', shardId: 'shard-0', token: { number: 7, owner: 'me' } };

describe('toLaneBatches', () => {
  it('splits a page by lane and keeps the order of each', () => {
    const records = [recordOf('a', '1'), recordOf('b', '2'), recordOf('a', '3', 0), recordOf('a', '3', 1), recordOf('b', '4')];
    const target = { laneOf: (columns: RecordColumns, index: number) => (columns.recordAt(index).partitionKey === 'a' ? 5 : 2) };
    const batches = toLaneBatches(rowsOf(records), target, source);
    expect(batches.map((batch) => ({ ...batch, records: [...batch.records] }))).toEqual([
      { lane: 5, records: [records[0], records[2], records[3]], source: { ...source, first: at('1'), last: at('3', 1) } },
      { lane: 2, records: [records[1], records[4]], source: { ...source, first: at('2'), last: at('4') } },
    ]);
  });

  it('keeps what a lane has of an input batch together, and apart from the next batch', () => {
    const records = [recordOf('a', '1'), recordOf('b', '2'), recordOf('a', '3'), recordOf('a', '4'), recordOf('b', '5')];
    const target = { laneOf: (columns: RecordColumns, index: number) => (columns.recordAt(index).partitionKey === 'a' ? 5 : 2) };
    const batches = toLaneBatches(rowsOf(records), target, source, Uint32Array.of(0, 0, 0, 1, 1));
    const numbers = (batch: LaneBatch) => Array.from(batch.records, ({ origin }) => origin!.sequenceNumber);
    expect(batches.map((batch) => [batch.lane, batch.together, ...numbers(batch)])).toEqual([
      [5, true, '1', '3'],
      [2, true, '2'],
      [5, true, '4'],
      [2, true, '5'],
    ]);
  });

  it('spreads records without a key by their sequence number', () => {
    const keys: string[] = [];
    const target = egressTarget({ ...senderOf('out', []), laneOfUtf8: (...key) => keys.push(textOf(...key)) });
    toLaneBatches(rowsOf([recordOf('', '1'), recordOf('', '2')]), target, source);
    expect(keys).toEqual(['1', '2']);
  });

  it('puts all of a shard into one lane where the lanes are laid by shard', () => {
    const [first, second] = [recordOf('a', '1'), recordOf('b', '2')];
    const target = egressTarget({ ...senderOf('out', [], { barriers: () => true }), laneOf: (key) => (key === 's/shard-0' ? 6 : 0) });
    const batches = toLaneBatches(rowsOf([first, second]), target, source);
    expect(batches.map(({ lane, records }) => [lane, [...records]])).toEqual([[6, [first, second]]]);
  });

  it('makes messages of records for a function, and never spreads those without a key', () => {
    const keys: string[] = [];
    const target = functionTarget({ ...senderOf('ns/f', []), laneOfUtf8: (...key) => keys.push(textOf(...key)) && 3 }, 'ns/type');
    const [batch] = toLaneBatches(rowsOf([recordOf('', '1'), recordOf('k', '2')]), target, source);
    expect([keys, batch!.lane]).toEqual([['', 'k'], 3]);
    const argument = { typename: 'ns/type', hasValue: true, value: new Uint8Array() };
    expect(decodeInvocation(batch!.records.at(0)!.data)).toEqual({ caller: undefined, argument });
    expect(batch!.records.at(1)).toMatchObject({ partitionKey: 'k', metadata: {}, origin: { sequenceNumber: '2' } });
  });
});

describe('createLaneQueue', () => {
  it('enqueues a page for every target', async () => {
    const { queue, enqueued } = queueOf([{}, {}]);
    await queue.enqueue(rowsOf([recordOf('a', '1')]));
    expect(enqueued).toEqual(['target-0 1', 'target-1 1']);
  });

  it('enqueues nothing where one target is full', async () => {
    const { queue, enqueued } = queueOf([{}, { isFull: true }]);
    await expect(queue.enqueue(rowsOf([recordOf('a', '1')]))).rejects.toMatchObject({
      code: 'QUEUE_FULL',
      details: { target: 'target-1' },
    });
    expect(enqueued).toEqual([]);
  });

  it('enqueues nothing before lanes that are laid by shard hold nothing of the parents', async () => {
    const asked: string[] = [];
    let isClear = false;
    const barriers = (keys: readonly string[]) => {
      asked.push(...keys);
      return isClear;
    };
    const { queue, enqueued } = queueOf([{}, { barriers }], { parents: ['parent-0', 'parent-1'] });
    const enqueue = () => queue.enqueue(rowsOf([recordOf('a', '1')]));
    await expect(enqueue()).rejects.toMatchObject({ code: 'PARENTS_IN_LANES', details: { target: 'target-1', shardId: 'shard-0' } });
    expect([enqueued, asked]).toEqual([[], ['s/parent-0', 's/parent-1']]);
    isClear = true;
    await enqueue();
    await enqueue();
    expect([enqueued.length, asked.length]).toEqual([4, 4]);
  });

  it('enqueues nothing under a lease that is lost', async () => {
    const { queue, enqueued } = queueOf([{}], { isLost: true });
    await expect(queue.enqueue(rowsOf([recordOf('a', '1')]))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(enqueued).toEqual([]);
  });

  it('waits for what an earlier lease of the shard still has under way, and for every target before it fails', async () => {
    const slow = Promise.withResolvers<void>();
    const turns = new Map<string, Promise<unknown>>();
    const first = queueOf([{ fault: new Error('lost') }, { until: slow.promise }], { turns });
    const second = queueOf([{}], { turns });
    const failing = first.queue.enqueue(rowsOf([recordOf('a', '1')]));
    const waiting = second.queue.enqueue(rowsOf([recordOf('a', '1')]));
    await new Promise(setImmediate);
    expect(second.enqueued).toEqual([]);
    slow.resolve();
    await expect(failing).rejects.toThrow('lost');
    await waiting;
    expect(second.enqueued).toEqual(['target-0 1']);
  });
});

const textOf = (bytes: Buffer, start: number, end: number) => bytes.toString('utf8', start, end);

const at = (sequenceNumber: string, subSequenceNumber = 0) => ({ sequenceNumber, subSequenceNumber });

const recordOf = (partitionKey: string, sequenceNumber: string, subSequenceNumber = 0): SluiceRecord => ({
  ...{ partitionKey, data: Buffer.alloc(0), metadata: {} },
  origin: { stream: 's', shardId: 'shard-0', arrivalTimeMs: 0, sequenceNumber, subSequenceNumber },
});

interface TargetOptions {
  readonly isFull?: boolean;
  readonly fault?: Error;
  /** Its lanes are laid by shard; answers whether they hold nothing of what these name. */
  readonly barriers?: (keys: readonly string[]) => boolean;
  /** Enqueues only then. */
  readonly until?: Promise<void>;
}

const senderOf = (target: string, enqueued: string[], { isFull = false, fault, until, barriers }: TargetOptions = {}) => ({
  target,
  layout: barriers ? ('shard' as const) : ('key' as const),
  laneOf: (key: string) => key.length,
  laneOfUtf8: () => 0,
  barrier: (keys: readonly string[]) => ({ isPassed: async () => barriers?.(keys) ?? true }),
  pressure: async () => ({ records: 0, bytes: 0, isOverHighWater: isFull }),
  enqueue: async (batches: readonly LaneBatch[]) => {
    await until;
    if (fault) throw fault;
    enqueued.push(...batches.flatMap(({ records }) => Array.from(records, ({ origin }) => `${target} ${origin!.sequenceNumber}`)));
  },
});

function queueOf(
  targets: readonly TargetOptions[],
  { isLost = false, turns = new Map<string, Promise<unknown>>(), parents = [] as string[] } = {},
) {
  const enqueued: string[] = [];
  const lanes = targets.map((options, index) => egressTarget(senderOf(`target-${index}`, enqueued, options)));
  const assertHeld = () => {
    if (isLost) throw new LeaseLostError('row', 'it expired');
  };
  return { queue: createLaneQueue({ targets: lanes, lease: { epoch: 1, assertHeld }, source, parents, turns }), enqueued };
}
