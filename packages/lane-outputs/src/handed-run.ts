/**
 * Records of one line that are with the output, in their order: a delivery each, one for all of an input batch, or one for all of them. After
 * one that failed none is handed on any more.
 */
import { SluiceError } from '@sluice/core';
import { type RecordInHand, toInputBatches } from '@sluice/egress';
import { type Deliver, failuresIn, giveName } from '@sluice/pipeline';
import { OutputFailedError } from './errors.ts';

export interface HandedRunOptions {
  readonly records: readonly RecordInHand[];
  /** All of them are one delivery. */
  readonly isOneDelivery: boolean;
  /** Names the output in errors. */
  readonly output: string;
  /** Called once, when nothing of it is with the output any more. */
  readonly onEnd: (run: HandedRun) => void;
}

export class HandedRun {
  readonly #options: HandedRunOptions;
  #open: number;
  readonly written: RecordInHand[] = [];
  readonly failed = new Map<RecordInHand, SluiceError>();
  /** Those behind one that failed. */
  readonly held: RecordInHand[] = [];

  constructor(options: HandedRunOptions) {
    this.#options = options;
    this.#open = options.records.length;
  }

  /** Resolves when the output has room for another. Rejects with a bug. */
  async hand(deliver: Deliver): Promise<void> {
    const { records, isOneDelivery } = this.#options;
    for (const batch of isOneDelivery ? [records] : toInputBatches(records)) {
      if (this.failed.size > 0) {
        this.held.push(...batch);
        this.#close(batch.length);
      } else await deliver({ messages: batch.map(messageOf), settle: (failure) => this.#settleAll(batch, failure) });
    }
  }

  #settleAll(batch: readonly RecordInHand[], failure: Error | undefined): void {
    const failures = failuresIn(failure, batch.length);
    for (const [index, record] of batch.entries()) this.#settled(record, failures.get(index));
    this.#close(batch.length);
  }

  #settled(record: RecordInHand, failure: Error | undefined): void {
    if (!failure) {
      this.written.push(record);
      record.settle();
    } else {
      const error = failure instanceof SluiceError ? failure : new OutputFailedError(this.#options.output, failure);
      if (error.disposition === 'reject') record.settle(error);
      else this.failed.set(record, error);
    }
  }

  #close(records: number): void {
    this.#open -= records;
    if (this.#open === 0) this.#options.onEnd(this);
  }
}

function messageOf(record: RecordInHand) {
  const { content, metadata, name } = record;
  const message = { content, metadata };
  if (name !== undefined) giveName(message, name);
  return message;
}
