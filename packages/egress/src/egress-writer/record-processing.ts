/**
 * Runs processors over batches of records in hand. A record that comes to nothing counts as written; any other one waits for all messages
 * that stand for it.
 */
import type { Awaitable } from '@sluice/core';
import type { ProcessedMessage, ProcessorChain, Run } from '@sluice/processors';
import type { WriterEvent } from '@sluice/telemetry';
import { ProcessingFailedError } from '../errors.ts';
import { JointHolds } from './joint-hold.ts';
import { keepOpen } from './lane-hold.ts';
import { MessageAck, SharedRecord } from './message-ack.ts';
import { RecordInHand } from './record-in-hand.ts';

export interface Processing {
  /** For each record by itself, before batches are formed. */
  readonly records: ProcessorChain | undefined;
  /** For each batch that leaves. */
  readonly batches: ProcessorChain | undefined;
  /** Whether a record whose processing failed is rejected; else it is written as it is. */
  readonly refusesFailed: boolean;
}

export class RecordProcessing {
  readonly #chain: ProcessorChain;
  readonly #refusesFailed: boolean;
  readonly #emit: (event: WriterEvent) => void;

  constructor(chain: ProcessorChain, refusesFailed: boolean, emit: (event: WriterEvent) => void) {
    this.#chain = chain;
    this.#refusesFailed = refusesFailed;
    this.#emit = emit;
  }

  /**
   * The messages that a batch becomes. Records of lanes that are no longer open are left out, before and behind a wait: their lanes hand
   * them back.
   */
  run(batch: readonly RecordInHand[], run?: Run): Awaitable<RecordInHand[]> {
    const records = batch.filter(({ owner }) => owner.isOpen);
    const processed = this.#chain.run(records, run);
    if (!(processed instanceof Promise)) return this.#inHand(records, processed);
    return processed.then((messages) => this.#inHand(records, messages));
  }

  #inHand(records: readonly RecordInHand[], processed: readonly ProcessedMessage[]): RecordInHand[] {
    this.#reportFailures(records, processed);
    const messageCounts = new Uint32Array(records.length);
    for (const { sources } of processed) for (const index of sources) messageCounts[index]!++;
    this.#settleFiltered(records.filter(({ owner }, index) => messageCounts[index] === 0 && owner.isOpen));
    const shared = records.map((record, index) => new SharedRecord(record, messageCounts[index]!));
    const holds = new JointHolds();
    const messages = processed.map(({ message, sources }) => {
      const own = sources.map((index) => records[index]!);
      const ack = new MessageAck(sources.map((index) => shared[index]!));
      return RecordInHand.inPlaceOf(own, message, holds.of(own.map(({ owner }) => owner)), ack);
    });
    // A lane may have been given back while processors waited.
    return keepOpen(messages).filter((message) => !this.#isRefused(message));
  }

  #settleFiltered(records: readonly RecordInHand[]): void {
    if (records.length > 0) this.#emit({ type: 'records.filtered', records: records.length });
    for (const record of records) record.settle();
  }

  #isRefused(message: RecordInHand): boolean {
    if (!this.#refusesFailed || !message.failure) return false;
    message.settle(new ProcessingFailedError(message.failure));
    return true;
  }

  /** Each failure once, also where the message passes through several chains. */
  #reportFailures(records: readonly RecordInHand[], processed: readonly ProcessedMessage[]): void {
    const known = new Set(records.map(({ failure }) => failure));
    for (const { message } of processed) {
      const { failure } = message;
      if (!failure || known.has(failure)) continue;
      this.#emit({ type: 'processing.failed', processor: failure.at ?? '', reason: failure.message });
    }
  }
}
