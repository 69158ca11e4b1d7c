import type { SluiceError, SluiceRecord } from '@sluice/core';
import { kinesisMetadata, type OutgoingRecord } from '@sluice/kinesis';
import type { ProcessedMessage } from '@sluice/processors';
import type { LaneHold } from './lane-hold.ts';
import type { Pending } from './record-scheduler.ts';

/** What a query in a key or in a batch policy sees of a record. */
export interface Message {
  readonly content: Uint8Array;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The one way back of a record: its lane learns here, once, what became of it. */
export interface AckHandle {
  /** Record number `index` is in Kinesis; or, with a reason, it can never succeed. */
  settle(index: number, reason: SluiceError | undefined): void;
}

/**
 * A record between its lane and Kinesis: the message that queries see, the item that the scheduler orders, and the record that PutRecords
 * takes, so that no other object stands for it. Its keys are set when its batch leaves, since they may depend on the batch.
 */
export class RecordInHand implements Pending<LaneHold>, OutgoingRecord, Message {
  readonly record: SluiceRecord;
  readonly owner: LaneHold;
  /** Monotonic time at which the writer got it. */
  readonly acceptedMs: number;
  /** The `traceparent` of the job that it came with, or of each; `undefined` where nothing is traced. */
  readonly traces: readonly string[] | undefined;

  partitionKey = '';
  explicitHashKey: string | undefined = undefined;
  byteSize = 0;
  maxTogether = Number.POSITIVE_INFINITY;
  next: Pending<LaneHold> | undefined = undefined;
  /** Requests that carried it. */
  attempts = 0;
  firstAttemptMs = 0;
  /** Records that it carries: more than one where it is a container. */
  count = 1;
  /** Why a processor failed for it. */
  failure?: NonNullable<ProcessedMessage['message']['failure']>;
  readonly #ack: AckHandle;
  readonly #index: number;
  #metadata: Readonly<Record<string, unknown>> | undefined = undefined;

  constructor(record: SluiceRecord, owner: LaneHold, ack: AckHandle, index: number, acceptedMs: number, traces?: readonly string[]) {
    this.record = record;
    this.owner = owner;
    this.#ack = ack;
    this.#index = index;
    this.acceptedMs = acceptedMs;
    this.traces = traces;
  }

  /**
   * One that takes the place of others, of which there is at least one. The first gives what a message has not: the keys and the place that
   * it came from. Its metadata is exactly what the message has: a mapping may have deleted where the record came from.
   */
  static inPlaceOf(
    records: readonly RecordInHand[],
    { content, metadata, failure }: ProcessedMessage['message'],
    owner: LaneHold,
    ack: AckHandle,
  ): RecordInHand {
    const acceptedMs = records.reduce((first, record) => Math.min(first, record.acceptedMs), Number.POSITIVE_INFINITY);
    const message = new RecordInHand({ ...records[0]!.record, data: content, metadata }, owner, ack, 0, acceptedMs, tracesOf(records));
    message.#metadata = metadata;
    if (failure) message.failure = failure;
    return message;
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

  /** It is in Kinesis; or, with a reason, it can never succeed. */
  settle(reason?: SluiceError): void {
    this.#ack.settle(this.#index, reason);
  }
}

/** Those of all records, each once. */
export function tracesOf(records: readonly RecordInHand[]): readonly string[] | undefined {
  const first = records[0]?.traces;
  if (first === undefined || records.every(({ traces }) => traces === first)) return first;
  return [...new Set(records.flatMap(({ traces = [] }) => traces))];
}
