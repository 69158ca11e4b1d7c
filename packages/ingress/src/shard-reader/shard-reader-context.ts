import type { RecordPage } from '@sluice/kinesis';
import type { Checkpoint } from '@sluice/lease';
import { COOLDOWN_MS } from './pauses.ts';
import type { RecordSlice, ReleaseOptions, ShardReaderOutput, ShardReport, ShardSession, ShardSource, ShardTask } from './shard-session.ts';

export interface ShardReaderInput extends ShardTask {
  readonly source: ShardSource;
}

export interface ShardReaderContext extends ShardReaderInput {
  readonly session: ShardSession | undefined;
  readonly checkpoint: Checkpoint | undefined;
  /** What to ask Kinesis next; `null` once the shard is read to its end, `undefined` while it is to be resolved from the checkpoint. */
  readonly iterator: string | null | undefined;
  /** Read, but not yet both enqueued and checkpointed. */
  readonly page: RecordPage | undefined;
  readonly slice: RecordSlice | undefined;
  /** Nothing came yet after the checkpoint: what comes first tells whether records have expired unread. */
  readonly isResuming: boolean;
  /** Failures since the reader last made progress: a checkpoint, or an empty page. */
  readonly attempt: number;
  readonly error: unknown;
  /** A shutdown came while a slice was being enqueued. */
  readonly isStopping: boolean;
  readonly reason: ShardReaderOutput['reason'];
  readonly successor: string | undefined;
}

export type ShardReaderEvent =
  | { readonly type: 'lease.lost' }
  /** `successor`: the worker that shall have the lease next. */
  | { readonly type: 'shutdown.requested'; readonly successor?: string };

export function outputOf({ reason, checkpoint, error }: ShardReaderContext): ShardReaderOutput {
  return { reason, checkpoint, error: reason === 'failed' ? error : undefined };
}

/** How the lease is given back. */
export const releaseOptions = ({ reason, successor }: ShardReaderContext): ReleaseOptions => ({
  ...(reason === 'failed' && { cooldownMs: COOLDOWN_MS }),
  ...(successor !== undefined && { successor }),
});

export const pageReport = ({ byteSize: bytes, millisBehindLatest: lagMs }: RecordPage): ShardReport => ({
  type: 'page.read',
  bytes,
  lagMs,
});
