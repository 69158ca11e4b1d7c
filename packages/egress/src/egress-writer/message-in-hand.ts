import type { SluiceError, SluiceRecord } from '@sluice/core';
import type { ProcessedMessage } from '@sluice/processors';
import type { LaneHold } from './lane-hold.ts';
import { RecordInHand } from './record-in-hand.ts';

/** A record that waits for every message made of it: it is written once all of them are, and rejected if one of them is. */
export class SourceRecord {
  readonly record: RecordInHand;
  #open: number;
  #reason: SluiceError | undefined;

  /** `messages`: at least one. */
  constructor(record: RecordInHand, messages: number) {
    this.record = record;
    this.#open = messages;
  }

  /** One of its messages is written, or rejected for a reason. The first reason counts. */
  settle(reason: SluiceError | undefined): void {
    this.#reason ??= reason;
    if (--this.#open > 0) return;
    const { record } = this;
    if (this.#reason) record.owner.rejected(record, this.#reason);
    else record.owner.delivered(record);
  }
}

type Message = ProcessedMessage['message'];

/** A message that processors made, on its way to Kinesis in place of the records that it stands for. */
export class MessageInHand extends RecordInHand {
  readonly failure?: NonNullable<Message['failure']>;
  readonly #metadata: Message['metadata'];
  readonly #sources: readonly SourceRecord[];

  /** `sources`: at least one; the first gives what a message has not: the keys and the place that it came from. */
  constructor({ content, metadata, failure }: Message, sources: readonly SourceRecord[], owner: LaneHold) {
    const first: SluiceRecord = sources[0]!.record.record;
    super({ ...first, data: content, metadata }, owner, undefined, 0, Math.min(...sources.map(({ record }) => record.acceptedMs)));
    this.#metadata = metadata;
    this.#sources = sources;
    if (failure) this.failure = failure;
  }

  /** Exactly what the processors left: a mapping may have deleted where the record came from. */
  override get metadata(): Message['metadata'] {
    return this.#metadata;
  }

  /** The message is written, or rejected for a reason. */
  settle(reason: SluiceError | undefined): void {
    for (const source of this.#sources) source.settle(reason);
  }
}
