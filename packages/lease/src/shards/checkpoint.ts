import type { ShardPosition, StartPosition } from '@sluice/core';
import { LeaseRowError } from '../errors.ts';

/** Up to where a shard has been handed on: nothing yet, from its oldest record or from a time; up to and with a
 * record, or up to it (sub-sequence number -1); or all. */
export type Checkpoint =
  | { readonly kind: 'TRIM_HORIZON' }
  | { readonly kind: 'AT_TIMESTAMP'; readonly timestampMs: number }
  | { readonly kind: 'AFTER'; readonly position: ShardPosition }
  | { readonly kind: 'SHARD_END' };

/** Its text in Redis: `TRIM_HORIZON`, `AT_TIMESTAMP:1700000000000`, `49590:3` (sequence and sub-sequence number), `SHARD_END`. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  switch (checkpoint.kind) {
    case 'AT_TIMESTAMP':
      return `AT_TIMESTAMP:${checkpoint.timestampMs}`;
    case 'AFTER':
      return `${checkpoint.position.sequenceNumber}:${checkpoint.position.subSequenceNumber}`;
    default:
      return checkpoint.kind;
  }
}

/** @throws {LeaseRowError} the text is no checkpoint */
export function parseCheckpoint(text: string): Checkpoint {
  if (text === 'TRIM_HORIZON' || text === 'SHARD_END') return { kind: text };
  const [, timestamp] = /^AT_TIMESTAMP:(\d{1,15})$/.exec(text) ?? [];
  if (timestamp) return { kind: 'AT_TIMESTAMP', timestampMs: Number(timestamp) };
  const [, sequenceNumber, subSequenceNumber] = /^(\d{1,128}):(-1|\d{1,15})$/.exec(text) ?? [];
  if (!sequenceNumber) throw new LeaseRowError('a checkpoint', text);
  return { kind: 'AFTER', position: { sequenceNumber, subSequenceNumber: Number(subSequenceNumber) } };
}

/** Behind the last record of an aggregate, however many it has; and before its first. */
const [WHOLE_AGGREGATE, NOTHING_OF_IT] = [999_999_999, -1];

/**
 * The start as a checkpoint. `latest`, and what counts back from now, become a moment, to be decided once in a process's life and then
 * stored: a reader that asked for the latest records again after a crash would leave out what came between.
 */
export function resolveStart(start: StartPosition, nowMs: number): Checkpoint {
  switch (start.type) {
    case 'earliest':
      return { kind: 'TRIM_HORIZON' };
    case 'latest':
      return { kind: 'AT_TIMESTAMP', timestampMs: nowMs };
    case 'timestamp':
      return { kind: 'AT_TIMESTAMP', timestampMs: start.timestampMs };
    case 'back':
      return { kind: 'AT_TIMESTAMP', timestampMs: Math.max(0, Math.round(nowMs - start.durationMs)) };
    case 'at':
    case 'after': {
      const subSequenceNumber = start.type === 'at' ? NOTHING_OF_IT : WHOLE_AGGREGATE;
      return { kind: 'AFTER', position: { sequenceNumber: start.sequenceNumber, subSequenceNumber } };
    }
  }
}
