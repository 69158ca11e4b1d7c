import type { Clock } from '@sluice/core';
import type { AddressQueue } from './address-queue.ts';

/** The addresses of a lane that wait after a failure, each with the time of its next attempt. */
export class ParkedAddresses {
  readonly #clock: Clock;
  readonly #onDue: (address: AddressQueue) => void;
  readonly #timers = new Map<AddressQueue, unknown>();

  constructor(clock: Clock, onDue: (address: AddressQueue) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  add(address: AddressQueue): void {
    this.#clock.clearTimeout(this.#timers.get(address));
    const due = () => {
      this.#timers.delete(address);
      this.#onDue(address);
    };
    const waitMs = Math.max(0, (address.parking?.retryAt ?? 0) - this.#clock.now());
    this.#timers.set(address, this.#clock.setTimeout(due, waitMs));
  }

  clear(): void {
    for (const timer of this.#timers.values()) this.#clock.clearTimeout(timer);
    this.#timers.clear();
  }
}
