import type { HashRange, StreamDescription } from '@sluice/kinesis';
import type { ShardSource } from '../shard-reader/shard-session.ts';

/** A stream that an ingress reads: everything with an effect that its reader needs. */
export interface StreamSource extends ShardSource {
  /** Name or ARN. */
  readonly stream: string;
  /** Time between two lists of the stream's shards. */
  readonly discoveryIntervalMs: number;
  /**
   * Describes the stream, lists its shards and brings their rows in line.
   * @throws {StreamRecreatedError} the rows belong to an earlier stream of that name
   */
  reconcile(signal: AbortSignal): Promise<Reconciliation>;
  reportStream(event: StreamReport): void;
}

export interface Reconciliation {
  readonly identity: StreamDescription;
  /** Shards that the stream lists. */
  readonly shards: number;
  /** Rows made for shards that had none. */
  readonly created: number;
  /** Rows removed of shards that were read to their end and have left the stream. */
  readonly pruned: number;
  /** Hash keys that no unfinished shard covers: their records would be missed. Empty once the children of all ended shards are listed. */
  readonly uncovered: readonly HashRange[];
}

export type StreamReport =
  | { readonly type: 'stream.opened'; readonly description: StreamDescription }
  | { readonly type: 'stream.failed'; readonly error: unknown; readonly attempt: number }
  | { readonly type: 'shards.reconciled'; readonly reconciliation: Reconciliation };
