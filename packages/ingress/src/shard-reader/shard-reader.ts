import type { GetRecordsOutput } from '@sluice/kinesis';
import type { Checkpoint, CheckpointAnswer } from '@sluice/lease';
import { fromPromise } from 'xstate';
import { shardReaderMachine } from './shard-reader.machine.ts';

/** What a shard reader needs from the outside world. */
export interface ShardReaderPorts {
  readonly pages: {
    open(checkpoint: Checkpoint, signal: AbortSignal): Promise<string>;
    next(iterator: string, signal: AbortSignal): Promise<GetRecordsOutput>;
  };
  readonly queue: {
    /**
     * Resolves once every record is durable for every target. Enqueuing the same page twice is harmless.
     * @throws {QueueFullError} a target is above its high-water mark; nothing was enqueued
     */
    enqueue(page: GetRecordsOutput): Promise<void>;
  };
  readonly shard: {
    /** @throws {LeaseLostError} nothing was stored */
    checkpoint(from: Checkpoint, to: Checkpoint): Promise<CheckpointAnswer>;
    /** Marks the shard as read to its end, so that its children may be read. */
    end(from: Checkpoint, page: GetRecordsOutput): Promise<CheckpointAnswer>;
  };
}

/** The shard reader with its effects in place. Reads are aborted when their state is left; writes are left to finish or be fenced off. */
export const createShardReader = ({ pages, queue, shard }: ShardReaderPorts) =>
  shardReaderMachine.provide({
    actors: {
      getShardIterator: fromPromise<string, { checkpoint: Checkpoint }>(({ input, signal }) => pages.open(input.checkpoint, signal)),
      getRecords: fromPromise<GetRecordsOutput, { iterator: string }>(({ input, signal }) => pages.next(input.iterator, signal)),
      enqueuePage: fromPromise<void, { page: GetRecordsOutput }>(({ input }) => queue.enqueue(input.page)),
      moveCheckpoint: fromPromise<CheckpointAnswer, { from: Checkpoint; to: Checkpoint }>(({ input }) =>
        shard.checkpoint(input.from, input.to),
      ),
      endShard: fromPromise<CheckpointAnswer, { from: Checkpoint; page: GetRecordsOutput }>(({ input }) =>
        shard.end(input.from, input.page),
      ),
    },
  });
