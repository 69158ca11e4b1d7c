/**
 * Shares a worker's open requests among its function types. One type alone may have four fifths of them, two of them four ninths each, and
 * so on: a function that takes long never has all, and another finds room at once.
 */

/** Who takes slots: the addresses of one function type. */
export interface SlotUser {
  readonly inFlight: number;
  /** Starts what waits, as far as there are slots. */
  pump(): void;
}

const SHARE_OF_FREE = 4;

export class Slots {
  readonly #max: number;
  readonly #waiting = new Set<SlotUser>();
  #used = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get used(): number {
    return this.#used;
  }

  /** Takes a slot. Where there is none, `pump` is called once one may be had. */
  tryTake(user: SlotUser): boolean {
    const free = this.#max - this.#used;
    if (free <= 0 || user.inFlight >= SHARE_OF_FREE * free) {
      this.wait(user);
      return false;
    }
    this.#used++;
    return true;
  }

  wait(user: SlotUser): void {
    this.#waiting.add(user);
  }

  forget(user: SlotUser): void {
    this.#waiting.delete(user);
  }

  release(): void {
    this.#used--;
    this.wake();
  }

  /** Lets those that wait try again, the one that has waited longest first. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const user of waiting) user.pump();
  }
}
