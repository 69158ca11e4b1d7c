/** Values that become due at a time, first due first; equal times keep their order. */
export class DelayQueue<T> {
  readonly #entries: { readonly dueMs: number; readonly value: T }[] = [];

  get firstDueMs(): number | undefined {
    return this.#entries[0]?.dueMs;
  }

  /** Few values wait at once (one a failed request), so a sorted array is quicker than a heap. */
  add(dueMs: number, value: T): void {
    const after = this.#entries.findLastIndex((entry) => entry.dueMs <= dueMs);
    this.#entries.splice(after + 1, 0, { dueMs, value });
  }

  /** Takes the first value that is due, or `undefined`. */
  takeDue(nowMs: number): T | undefined {
    const first = this.#entries[0];
    return first && first.dueMs <= nowMs ? this.#entries.shift()!.value : undefined;
  }
}
