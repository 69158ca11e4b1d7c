import type { ByteRange, SluiceError, SluiceRecord } from '@sluice/core';
import { messageMetadata, messageMetadataOf, type OutgoingRecord } from '@sluice/kinesis';
import type { SpentBudget } from '@sluice/lane-consumer';
import type { ProcessedMessage } from '@sluice/processors';
import type { LaneHold } from './lane-hold.ts';
import { type Pending, TOGETHER } from './record-scheduler.ts';

/** What a query in a key or in a batch policy sees of a record. */
export interface Message {
  readonly content: Uint8Array;
  readonly metadata: Readonly<Record<string, unknown>>;
  metadataOf?(key: string): unknown;
}

/** The one way back of a record: its lane learns here, once, what became of it. */
export interface AckHandle {
  /** Record number `index` is in Kinesis; or, with a reason, it can never succeed. */
  settle(index: number, reason: SluiceError | undefined): void;
  /** Record number `index` comes back, see {@link RecordInHand.giveBack}. Where absent, its lane gives back all that it has in hand. */
  giveBack?(index: number, spent: SpentBudget | undefined): void;
  /** Names record number `index` by its job, the same at each of its deliveries. */
  nameOf?(index: number): string;
}

/** What records that came together share. */
export interface Arrival {
  readonly ack: AckHandle;
  /** Monotonic time at which the writer got them. */
  readonly acceptedMs: number;
  /** The `traceparent` of the job that they came with, or of each; `undefined` where nothing is traced. */
  readonly traces?: readonly string[] | undefined;
  /** Present where they are what a lane has of an input batch. */
  readonly isInputBatch?: boolean | undefined;
  /** The record that gives its name to a message made of records. */
  readonly namesake?: RecordInHand;
}

/**
 * A record between its lane and Kinesis: the message that queries see, the item that the scheduler orders, and the record that PutRecords
 * takes, so that no other object stands for it. Its keys are set when its batch leaves, since they may depend on the batch.
 */
export class RecordInHand implements Pending<LaneHold>, OutgoingRecord, Message {
  readonly record: SluiceRecord;
  readonly owner: LaneHold;
  partitionKey = '';
  explicitHashKey: string | undefined = undefined;
  byteSize = 0;
  maxTogether = TOGETHER;
  next: Pending<LaneHold> | undefined = undefined;
  /** Requests that carried it and failed for it. */
  attempts = 0;
  /** When the first of them started. */
  firstAttemptMs = 0;
  /** Why a processor failed for it. */
  failure?: NonNullable<ProcessedMessage['message']['failure']>;
  readonly #arrival: Arrival;
  /** Its number with {@link Arrival.ack}. */
  readonly #index: number;
  /** Where it is not that of the record. */
  #metadata: Readonly<Record<string, unknown>> | undefined = undefined;

  constructor(record: SluiceRecord, owner: LaneHold, arrival: Arrival, index: number) {
    this.record = record;
    this.owner = owner;
    this.#arrival = arrival;
    this.#index = index;
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
    const { partitionKey, explicitHashKey, stream, origin } = records[0]!.record;
    const record = { partitionKey, explicitHashKey, stream, origin, data: content, metadata };
    const message = new RecordInHand(record, owner, { ack, acceptedMs, traces: tracesOf(records), namesake: records[0]! }, 0);
    message.#metadata = metadata;
    if (failure) message.failure = failure;
    return message;
  }

  get acceptedMs(): number {
    return this.#arrival.acceptedMs;
  }

  /** The same for all records of an input batch; `undefined` for a record that came by itself. */
  get inputBatch(): object | undefined {
    return this.#arrival.isInputBatch ? this.#arrival : undefined;
  }

  get traces(): readonly string[] | undefined {
    return this.#arrival.traces;
  }

  get data(): Uint8Array {
    return this.record.data;
  }

  get dataRange(): ByteRange | undefined {
    return this.record.dataRange;
  }

  /** When it came to its source, milliseconds since 1970; 0 or `undefined` where that is not known. */
  get arrivalTimeMs(): number | undefined {
    return this.record.arrivalTimeMs ?? this.record.origin?.arrivalTimeMs;
  }

  get content(): Uint8Array {
    return this.record.data;
  }

  /** Put together where it is looked at, and not kept: most keys are made from the content alone, or look at it once. */
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#metadata ?? messageMetadata(this.record);
  }

  /** One value of it: most keys are made from one, and to put all together takes long. */
  metadataOf(key: string): unknown {
    if (!this.#metadata) return messageMetadataOf(this.record, key);
    return Object.hasOwn(this.#metadata, key) ? this.#metadata[key] : undefined;
  }

  /** The same at each delivery of the record: where it came from, else its job and its place there. `undefined` where nothing tells. */
  get name(): string | undefined {
    const { origin } = this.record;
    if (origin) return `${origin.stream}/${origin.shardId}/${origin.sequenceNumber}.${origin.subSequenceNumber}`;
    const { ack, namesake } = this.#arrival;
    return namesake ? namesake.name : ack.nameOf?.(this.#index);
  }

  /** It is in Kinesis; or, with a reason, it can never succeed. */
  settle(reason?: SluiceError): void {
    this.#arrival.ack.settle(this.#index, reason);
  }

  /** The writer is done with it, though it is not written: it has spent its retries, or, without `spent`, must be accepted anew. */
  giveBack(spent?: SpentBudget): void {
    const { ack } = this.#arrival;
    if (ack.giveBack) ack.giveBack(this.#index, spent);
    else if (spent) this.owner.spent(spent);
    else this.owner.displaced();
  }
}

/** Those of all records, each once. */
export function tracesOf(records: readonly RecordInHand[]): readonly string[] | undefined {
  const first = records[0]?.traces;
  if (first === undefined || records.every(({ traces }) => traces === first)) return first;
  return [...new Set(records.flatMap(({ traces = [] }) => traces))];
}
