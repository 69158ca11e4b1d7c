import type { StreamIdentity } from '../errors.ts';
import type { Lease } from '../lease.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';
import type { Checkpoint } from './checkpoint.ts';

/** A shard as the stream lists it. */
export interface ListedShard {
  readonly shardId: string;
  /** `ParentShardId` and `AdjacentParentShardId`, where it has them. */
  readonly parents: readonly string[];
}

/** A shard that workers lease. */
export interface ShardRow extends ListedShard, StreamIdentity {
  /** The key of its lease row. */
  readonly key: string;
  /** `waiting` until all its parents that have a row have ended. */
  readonly state: 'waiting' | 'active' | 'shardEnd';
  readonly checkpoint: Checkpoint;
  readonly startedAt: Checkpoint;
  /** Who held it last, and under which token number. The lease may have expired since. */
  readonly worker: string;
  readonly tokenNumber: number;
}

export type CheckpointAnswer =
  | { readonly outcome: 'stored' }
  /** Another value stands there than the caller last read or wrote: it must go on from that one. */
  | { readonly outcome: 'moved'; readonly stored: Checkpoint };

/** The lease rows of one stream's shards. Each call may be repeated after its answer was lost. */
export interface ShardTable {
  /**
   * Makes rows for shards that have none and answers how many; a row that exists is never changed.
   * The shards of the very first call start where configured, those that turn up later at their oldest record.
   * @throws {StreamRecreatedError} the rows belong to an earlier stream of that name
   */
  create(stream: StreamIdentity, shards: readonly ListedShard[]): Promise<number>;
  list(): Promise<readonly ShardRow[]>;
  /** What there is to lease, with the order in which it may be. */
  resources(): Promise<readonly LeaseResource[]>;
  keyOf(shardId: string): string;
  /**
   * Moves the checkpoint from the value last read or written.
   * @throws {LeaseLostError} the lease is lost; nothing was stored
   */
  checkpoint(lease: Lease, from: Checkpoint, to: Checkpoint): Promise<CheckpointAnswer>;
  /**
   * Marks the shard as read to its end, releases the lease and makes its children claimable, all at once.
   * @throws {LeaseLostError} the lease is lost; nothing was stored
   */
  end(lease: Lease, from: Checkpoint, children: readonly ListedShard[]): Promise<CheckpointAnswer>;
  /** Sets a checkpoint on an operator's order and answers the old one, or `undefined` where there is no such shard. */
  rewind(shardId: string, to: Checkpoint): Promise<Checkpoint | undefined>;
  /** Removes the rows of those shards that were read to their end and answers their IDs. For shards that have left the stream for certain. */
  prune(gone: readonly string[]): Promise<readonly string[]>;
}
