import type { RetriesOfReader } from '@sluice/config';
import type { SluiceRecord } from '@sluice/core';
import { createRecordPage, KinesisThrottledError, type RecordPage, type StreamDescription } from '@sluice/kinesis';
import type { Checkpoint, Lease } from '@sluice/lease';
import { createActor, SimulatedClock } from 'xstate';
import { shardReaderMachine } from '../shard-reader/shard-reader.machine.ts';
import type { ReleaseOptions, ShardReport, ShardSession, ShardSource } from '../shard-reader/shard-session.ts';

/** A checkpoint. */
export const after = (sequenceNumber: string, subSequenceNumber = 0): Checkpoint => ({
  kind: 'AFTER',
  position: { sequenceNumber, subSequenceNumber },
});

export const throttled = () => new KinesisThrottledError('ProvisionedThroughputExceededException', {}, undefined);

/** A page with one record of one byte for each position: `sequence` or `sequence:sub`. */
export function page(positions: readonly string[], nextIterator: string | null = 'next', millisBehindLatest = 0): RecordPage {
  const records = positions.map((text): SluiceRecord => {
    const [sequenceNumber, subSequenceNumber = '0'] = text.split(':') as [string, string?];
    const origin = { stream: 's', shardId: 'shard-0', sequenceNumber, subSequenceNumber: Number(subSequenceNumber), arrivalTimeMs: 0 };
    return { partitionKey: 'k', data: new Uint8Array(1), metadata: {}, origin };
  });
  return createRecordPage({ records, nextIterator, childShards: [], millisBehindLatest });
}

interface ReaderOptions {
  readonly checkpoint?: Checkpoint;
  /** Thrown by the first calls to the queue, one each. */
  readonly enqueueFaults?: readonly unknown[];
  /** Found in the store by the first checkpoints, one each, in place of what was expected. */
  readonly moved?: readonly Checkpoint[];
  /** Records that a slice holds at most. */
  readonly sliceRecords?: number;
  readonly openFault?: Error;
  /** Whether pages come by themselves. */
  readonly isPushed?: boolean;
  readonly retries?: RetriesOfReader;
  /** Thrown by the first calls for an iterator, one each. */
  readonly iteratorFaults?: readonly unknown[];
}

/** A reader, by default at checkpoint 41, whose shard answers with `pages` in order; an error among them is thrown. */
export function readerOf(pages: ReadonlyArray<RecordPage | Error>, options: ReaderOptions = {}) {
  const {
    checkpoint = after('41'),
    enqueueFaults = [],
    moved = [],
    sliceRecords = 1_000,
    openFault,
    isPushed = false,
    retries = {},
    iteratorFaults = [],
  } = options;
  const enqueued: string[] = [];
  const opened: Checkpoint[] = [];
  const stored: Checkpoint[] = [];
  const ended: Checkpoint[] = [];
  const reports: ShardReport[] = [];
  const released: ReleaseOptions[] = [];
  const [answers, faults, surprises, refusals] = [[...pages], [...enqueueFaults], [...moved], [...iteratorFaults]];
  const iterators: string[] = [];
  const openShard = (): ShardSession => {
    if (openFault) throw openFault;
    return {
      checkpoint,
      isPushed,
      open: async (from) => {
        opened.push(from);
        const refusal = refusals.shift();
        if (refusal) throw refusal;
        return 'iterator';
      },
      next: async (iterator) => {
        iterators.push(iterator);
        const answer = answers.shift()!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
      take: async (of, from) => {
        const cursor = of.recordsAfter(from.kind === 'AFTER' ? from.position : undefined);
        return { records: cursor.take(sliceRecords), isLast: cursor.isDone };
      },
      enqueue: async ({ records }) => {
        const fault = faults.shift();
        if (fault) throw fault;
        enqueued.push(...Array.from(records, ({ origin }) => origin!.sequenceNumber));
      },
      moveCheckpoint: async (_, to) => {
        const surprise = surprises.shift();
        if (surprise) return { outcome: 'moved', stored: surprise };
        stored.push(to);
        return { outcome: 'stored' };
      },
      end: async (from) => {
        ended.push(from);
        return { outcome: 'stored' };
      },
      flush: async () => undefined,
      [Symbol.dispose]: () => undefined,
    };
  };
  const clock = new SimulatedClock();
  const source: ShardSource = {
    openShard,
    clock,
    release: async (_, how) => void released.push(how),
    report: (_, report) => reports.push(report),
    random: () => 0.5,
    retries,
  };
  const task = { shardId: 'shard-0', lease: {} as Lease, identity: {} as StreamDescription };
  const actor = createActor(shardReaderMachine, { clock, input: { ...task, source } });
  return { actor, clock, enqueued, opened, stored, ended, reports, released, iterators, polls: () => iterators.length };
}
