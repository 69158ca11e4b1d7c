import type { Clock } from '@sluice/core';

const MOST = 10;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/**
 * Counts failed logins by client address. After {@link MOST} of them an address is blocked for what is left of its minute, also with
 * the right password: else it could go on guessing. Counts failures only, so that nobody who is logged in is slowed down.
 */
export class FailedLogins {
  readonly #clock: Clock;
  readonly #failures = new Map<string, { count: number; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds until this address may try again; 0: now. */
  blockedForSeconds(address: string): number {
    const failures = this.#failuresOf(address);
    return failures && failures.count >= MOST ? Math.ceil((failures.untilMs - this.#clock.monotonic()) / 1_000) : 0;
  }

  add(address: string): void {
    const failures = this.#failuresOf(address);
    if (failures) failures.count++;
    else this.#failures.set(address, { count: 1, untilMs: this.#clock.monotonic() + WINDOW_MS });
    // The oldest entry goes first: a Map keeps the order of insertion.
    if (this.#failures.size > MOST_ADDRESSES) this.#failures.delete(this.#failures.keys().next().value!);
  }

  #failuresOf(address: string) {
    const failures = this.#failures.get(address);
    if (!failures || failures.untilMs > this.#clock.monotonic()) return failures;
    this.#failures.delete(address);
    return undefined;
  }
}
