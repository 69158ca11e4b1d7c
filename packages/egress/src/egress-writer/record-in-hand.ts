import type { SluiceRecord } from '@sluice/core';
import { kinesisMetadata, type OutgoingRecord } from '@sluice/kinesis';
import type { LaneHold } from './lane-hold.ts';
import type { Pending } from './record-scheduler.ts';

/** What a query in a key or in a batch policy sees of a record. */
export interface Message {
  readonly content: Uint8Array;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * A record between its lane and Kinesis. Its keys are set when its batch leaves, since they may depend on the batch. It is the message that
 * queries see, so that no other object stands for it.
 */
export class RecordInHand implements Pending<LaneHold>, OutgoingRecord, Message {
  readonly record: SluiceRecord;
  readonly owner: LaneHold;
  /** Where the owner finds the record again: its job, and its place there. */
  readonly job: unknown;
  readonly index: number;
  /** Monotonic time at which the writer got it. */
  readonly acceptedMs: number;

  partitionKey = '';
  explicitHashKey: string | undefined = undefined;
  byteSize = 0;
  maxTogether = Number.POSITIVE_INFINITY;
  next: Pending<LaneHold> | undefined = undefined;
  /** Requests that carried it. */
  attempts = 0;
  firstAttemptMs = 0;
  #metadata: Readonly<Record<string, unknown>> | undefined;

  constructor(record: SluiceRecord, owner: LaneHold, job: unknown, index: number, acceptedMs: number) {
    this.record = record;
    this.owner = owner;
    this.job = job;
    this.index = index;
    this.acceptedMs = acceptedMs;
  }

  get data(): Uint8Array {
    return this.record.data;
  }

  get content(): Uint8Array {
    return this.record.data;
  }

  /** Put together only where it is looked at: most keys are made from the content alone. */
  get metadata(): Readonly<Record<string, unknown>> {
    this.#metadata ??= { ...kinesisMetadata(this.record), ...this.record.metadata };
    return this.#metadata;
  }
}
