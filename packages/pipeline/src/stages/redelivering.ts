/** The side of an input where messages come back that the later stages refuse. */
import { type BackoffPolicy, backoffDelay, type Clock, isRejected, sleep } from '@sluice/core';
import type { Deliver, Delivery, Input } from '../delivery.ts';
import { failuresIn } from '../errors.ts';
import type { Outstanding } from './outstanding.ts';
import { Slots } from './slots.ts';

/** As the original pauses: not before the first two retries. */
const IMMEDIATE_RETRIES = 2;
const PAUSES: BackoffPolicy = { initialIntervalMs: 500, maxIntervalMs: 5_000, maxElapsedMs: 0, maxRetries: 0 };

/** Deliveries that wait for their next attempt, at most: beyond that nothing new is read. */
const MAX_RETRYING = 64;

export interface RedeliveringOptions {
  /** `false`: what is refused is dropped. */
  readonly replays: boolean;
  readonly outstanding: Outstanding;
  readonly clock: Clock;
  /** Aborted when the pipeline gives up what is left. */
  readonly signal: AbortSignal;
  /** Once it is aborted, what was refused on purpose is dropped, and the rest tried at once. @default never */
  readonly stop?: AbortSignal;
  readonly onDropped: (error: Error) => void;
}

/** `input` with its refused messages delivered again, those of a batch together, until they are taken. Then its delivery settles without a failure. */
export const redelivering =
  (input: Input, options: RedeliveringOptions): Input =>
  (deliver, signal) => {
    const retrying = new Slots(MAX_RETRYING);
    return input(async (delivery) => {
      await retrying.take();
      retrying.release();
      options.outstanding.add();
      await new Redelivery(delivery, deliver, retrying, options).attempt(delivery, 0);
    }, signal);
  };

class Redelivery {
  readonly #origin: Delivery;
  readonly #deliver: Deliver;
  readonly #retrying: Slots;
  readonly #options: RedeliveringOptions;

  constructor(origin: Delivery, deliver: Deliver, retrying: Slots, options: RedeliveringOptions) {
    this.#origin = origin;
    this.#deliver = deliver;
    this.#retrying = retrying;
    this.#options = options;
  }

  attempt({ messages }: Pick<Delivery, 'messages'>, number: number): Promise<void> {
    return this.#deliver({
      ...this.#origin,
      messages,
      settle: (failure) => {
        if (failure && this.#options.replays) void this.#again(messages, failuresIn(failure, messages.length), number);
        else this.#end(failure);
      },
    });
  }

  async #again(messages: Delivery['messages'], failures: ReadonlyMap<number, Error>, number: number): Promise<void> {
    const indices = [...failures.keys()].filter((index) => !this.#isDropped(failures.get(index)!)).sort((a, b) => a - b);
    if (indices.length === 0) {
      this.#end(undefined);
      return;
    }
    await this.#retrying.take();
    try {
      await this.#pause(number);
    } catch {
      // The pipeline has given up: it stays unsettled.
      return;
    } finally {
      this.#retrying.release();
    }
    await this.attempt({ messages: indices.map((index) => messages[index]!) }, number + 1);
  }

  #isDropped(failure: Error): boolean {
    const isDropped = this.#options.stop?.aborted === true && isRejected(failure);
    if (isDropped) this.#options.onDropped(failure);
    return isDropped;
  }

  /** Throws once the pipeline gives up. */
  async #pause(number: number): Promise<void> {
    const { clock, signal, stop } = this.#options;
    const pause = number < IMMEDIATE_RETRIES ? 0 : backoffDelay(PAUSES, number - IMMEDIATE_RETRIES, Math.random());
    const isCutShort = stop !== undefined && !stop.aborted;
    await sleep(clock, pause, isCutShort ? AbortSignal.any([signal, stop]) : signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
    });
  }

  #end(failure: Error | undefined): void {
    if (failure) this.#options.onDropped(failure);
    this.#origin.settle(failure);
    this.#options.outstanding.remove();
  }
}
