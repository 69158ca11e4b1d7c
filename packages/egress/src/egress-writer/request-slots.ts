/** Requests that may be open at the same time, over all writers of an egress. Writers that wait for a slot get one in their turn. */
export class RequestSlots {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether one is free. If not, `whenFree` is called once there may be. */
  hasRoom(whenFree: () => void): boolean {
    if (this.#taken < this.#limit) return true;
    this.#waiting.add(whenFree);
    return false;
  }

  take(): void {
    this.#taken++;
  }

  release(): void {
    this.#taken--;
    for (const wake of this.#waiting) {
      if (this.#taken >= this.#limit) return;
      this.#waiting.delete(wake);
      wake();
    }
  }
}
