import type { SluiceError } from '@sluice/core';
import type { SpentBudget } from '@sluice/lane-consumer';
import type { AckHandle } from './record-in-hand.ts';

interface Settled {
  settle(reason: SluiceError | undefined): void;
  giveBack(spent: SpentBudget | undefined): void;
}

/** For a message that stands for several records: what becomes of it becomes of each of them. */
export class MessageAck implements AckHandle {
  readonly #sources: readonly Settled[];

  constructor(sources: readonly Settled[]) {
    this.#sources = sources;
  }

  settle(_index: number, reason: SluiceError | undefined): void {
    for (const source of this.#sources) source.settle(reason);
  }

  giveBack(_index: number, spent: SpentBudget | undefined): void {
    for (const source of this.#sources) source.giveBack(spent);
  }
}

/** A record of which several messages are made: it is written once all of them are, and rejected if one of them is, for the first reason. */
export class SharedRecord implements Settled {
  readonly #record: Settled;
  #open: number;
  #reason: SluiceError | undefined;

  /** @param messages at least one */
  constructor(record: Settled, messages: number) {
    this.#record = record;
    this.#open = messages;
  }

  settle(reason: SluiceError | undefined): void {
    this.#reason ??= reason;
    if (--this.#open === 0) this.#record.settle(this.#reason);
  }

  giveBack(spent: SpentBudget | undefined): void {
    this.#record.giveBack(spent);
  }
}
