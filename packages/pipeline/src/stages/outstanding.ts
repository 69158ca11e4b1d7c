/** Counts what is read and not yet settled for good, over all inputs of a pipeline. */
export class Outstanding {
  #count = 0;
  #onNone: (() => void)[] = [];

  add(): void {
    this.#count++;
  }

  remove(): void {
    if (--this.#count > 0) return;
    for (const told of this.#onNone.splice(0)) told();
  }

  /** Resolves when the count is 0. */
  none(): Promise<void> {
    return this.#count === 0 ? Promise.resolve() : new Promise((resolve) => void this.#onNone.push(resolve));
  }
}
