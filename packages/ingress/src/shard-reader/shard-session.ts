import type { RetriesOfReader } from '@sluice/config';
import type { Clock, RecordRows } from '@sluice/core';
import type { ChildShard, RecordPage, StreamDescription } from '@sluice/kinesis';
import type { Checkpoint, CheckpointAnswer, Lease } from '@sluice/lease';
import type { FanOutReport } from './fan-out-report.ts';
import type { RecordsRefused } from './records-refused.ts';

/** A shard to be read under a lease of it. */
export interface ShardTask {
  readonly shardId: string;
  readonly lease: Lease;
  /** The stream as it was when its shards were listed. */
  readonly identity: StreamDescription;
}

/** What a shard reader asks of the world around it. */
export interface ShardSource {
  /** @throws {LeaseRowError} the stored checkpoint cannot be read */
  openShard(task: ShardTask): ShardSession;
  /** Gives a lease back. Never rejects. */
  release(lease: Lease, options: ReleaseOptions): Promise<void>;
  report(shardId: string, event: ShardReport): void;
  /** Spreads the pauses; a number in [0, 1). */
  random(): number;
  /** For the pauses between two looks at the tip of a shard. */
  readonly clock: Pick<Clock, 'setTimeout' | 'clearTimeout'>;
  /** How calls that failed are tried again, where the user says so. */
  readonly retries: RetriesOfReader;
}

export interface ReleaseOptions {
  /** The worker that shall have the lease next. */
  readonly successor?: string;
  /** For how long this worker does not claim it again. */
  readonly cooldownMs?: number;
}

/** Everything with an effect that a reader does with its shard under one lease. */
export interface ShardSession extends Disposable {
  /** What was stored when the lease was claimed: up to there everything is in the queue. */
  readonly checkpoint: Checkpoint;
  /** Whether the next page comes by itself, so that nobody need wait before asking for it. */
  readonly isPushed: boolean;
  /**
   * An iterator at the checkpoint.
   * @throws {ShardExpiredError} all records of the shard have left the stream's retention
   * @throws {StreamRecreatedError} the stream is another one by now
   */
  open(checkpoint: Checkpoint, signal: AbortSignal): Promise<string>;
  next(iterator: string, signal: AbortSignal): Promise<RecordPage>;
  /** The next records of a page after the checkpoint, once there is memory for them. */
  take(page: RecordPage, checkpoint: Checkpoint, signal: AbortSignal): Promise<RecordSlice>;
  /**
   * Resolves once all records are durably enqueued.
   * @throws {QueueFullError} a target is above its high-water mark; nothing was enqueued
   */
  enqueue(slice: RecordSlice): Promise<void>;
  /**
   * May be written later, see `flush`.
   * @throws {LeaseLostError} nothing was stored
   */
  moveCheckpoint(from: Checkpoint, to: Checkpoint): Promise<CheckpointAnswer>;
  /** Writes a checkpoint that was held back. Never rejects. */
  flush(): Promise<void>;
  /** Marks the shard as read to its end, so that its children may be read. */
  end(from: Checkpoint, ending: ShardEnding): Promise<CheckpointAnswer>;
}

/** Consecutive records of a page, so many as fit in memory at once. */
export interface RecordSlice {
  readonly records: RecordRows;
  /** Whether the page holds nothing after it. */
  readonly isLast: boolean;
  /** The `traceparent` under which they are enqueued. */
  readonly trace?: string;
  /** For each row of the columns the number of its input batch, ascending; absent where records are enqueued as they are read. */
  readonly inputBatches?: Uint32Array;
}

/** Why a shard is at its end, and the children that follow it where Kinesis named them. */
export interface ShardEnding {
  readonly reason: 'read' | 'expired';
  readonly childShards: readonly ChildShard[];
}

export type ShardReport =
  | { readonly type: 'reader.started' }
  | { readonly type: 'page.read'; readonly bytes: number; readonly lagMs: number }
  | { readonly type: 'records.read'; readonly records: number }
  | RecordsRefused
  | { readonly type: 'page.enqueued'; readonly records: number }
  | { readonly type: 'checkpoint.moved'; readonly checkpoint: Checkpoint }
  | { readonly type: 'checkpoint.rewound'; readonly checkpoint: Checkpoint }
  /** What follows the checkpoint has left the stream's retention, at least in part, and may hold records that were never read. */
  | { readonly type: 'records.expired'; readonly checkpoint: Checkpoint }
  | { readonly type: 'reader.paused' }
  /** The `check` of the input's batch policy threw, which counts as false. */
  | { readonly type: 'batchCheck.failed'; readonly error: unknown }
  | FanOutReport
  | { readonly type: 'read.failed'; readonly error: unknown; readonly attempt: number }
  | ({ readonly type: 'reader.ended' } & ShardReaderOutput);

export interface ShardReaderOutput {
  readonly reason: 'shardEnd' | 'leaseLost' | 'shutdown' | 'failed';
  /** The last one stored, as far as the reader knows; `undefined` where it never knew one. */
  readonly checkpoint: Checkpoint | undefined;
  /** Why the reader failed; `undefined` for every other reason. */
  readonly error: unknown;
}
