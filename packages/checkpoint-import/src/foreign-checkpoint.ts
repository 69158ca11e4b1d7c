import type { Checkpoint } from '@sluice/lease';

/** Where another application is in a shard. */
export type ForeignPosition =
  | Checkpoint
  /** It has handled nothing yet, and began with what arrived then. */
  | { readonly kind: 'LATEST' }
  /** It has handled nothing yet, and began at a time that only its configuration says. */
  | { readonly kind: 'CONFIGURED_TIME' };

export interface ForeignCheckpoint {
  /** Name or ARN, as the application has it; `undefined` where all it keeps is of one stream. */
  readonly stream: string | undefined;
  /** `StreamCreationTimestamp` in whole seconds, where the application keeps it. */
  readonly streamCreatedAtSeconds?: number | undefined;
  readonly shardId: string;
  readonly position: ForeignPosition;
  /** Who held the shard last, where that is known. */
  readonly owner?: string | undefined;
}

/** Behind the last record of an aggregate, however many it has: of applications that know Kinesis' records only. */
const WHOLE_AGGREGATE = 999_999_999;

export const after = (sequenceNumber: string, subSequenceNumber = WHOLE_AGGREGATE): ForeignPosition => ({
  kind: 'AFTER',
  position: { sequenceNumber, subSequenceNumber },
});

export const isSequenceNumber = (text: string): boolean => /^\d{1,128}$/.test(text);
