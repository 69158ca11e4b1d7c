import type { SluiceError } from '@sluice/core';
import type { SpentBudget } from '@sluice/lane-consumer';
import type { LaneHold } from '../egress-writer/lane-hold.ts';
import type { AckHandle } from '../egress-writer/record-in-hand.ts';
import { RecordNotWrittenError } from '../errors.ts';

export interface BatchInHandOptions {
  /** Indexes of the messages that are to be written; at least one. */
  readonly open: Iterable<number>;
  readonly stream: string;
  /** Has messages accepted anew, in the order of their indexes. */
  readonly again: (indexes: readonly number[]) => void;
  /** Called once, when each message is written or has failed. */
  readonly onDone: (failures: ReadonlyMap<number, SluiceError>) => void;
}

/** A batch on its way through a record writer: a lane that is always open, and the way back of each message. */
export class BatchInHand implements LaneHold, AckHandle {
  readonly lanes: readonly LaneHold[] = [this];
  readonly isOpen = true;
  readonly #options: BatchInHandOptions;
  readonly #open: Set<number>;
  readonly #failures = new Map<number, SluiceError>();
  #returned: number[] = [];

  constructor(options: BatchInHandOptions) {
    this.#options = options;
    this.#open = new Set(options.open);
  }

  canSend(): boolean {
    return true;
  }

  leaseEndsInMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** Each message comes back by itself. */
  spent(): void {}

  displaced(): void {}

  settle(index: number, reason: SluiceError | undefined): void {
    if (!this.#open.delete(index)) return;
    if (reason) this.#failures.set(index, reason);
    if (this.#open.size === 0) this.#options.onDone(this.#failures);
  }

  giveBack(index: number, spent: SpentBudget | undefined): void {
    if (spent) {
      this.settle(index, new RecordNotWrittenError(this.#options.stream, spent));
      return;
    }
    // The writer is still busy with the request that they come from.
    if (this.#returned.length === 0) queueMicrotask(() => this.#acceptReturned());
    this.#returned.push(index);
  }

  #acceptReturned(): void {
    const returned = this.#returned.toSorted((a, b) => a - b);
    this.#returned = [];
    this.#options.again(returned);
  }
}
