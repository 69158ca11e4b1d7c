/** How long records have been waiting in the lanes that a worker owns, as it was last told. */
export class LaneAges {
  readonly #seconds = new Map<string, number>();
  readonly #blocked = new Set<string>();

  aged(lane: string, seconds: number): void {
    // Its first job has left it: it goes on.
    if (seconds < (this.#seconds.get(lane) ?? 0)) this.#blocked.delete(lane);
    this.#seconds.set(lane, seconds);
  }

  /** The lane rests after failures; it says so each time. */
  blocked(lane: number): void {
    this.#blocked.add(String(lane));
  }

  ended(lane: string): void {
    this.#seconds.delete(lane);
    this.#blocked.delete(lane);
  }

  /** Of the lanes that are not blocked; 0 where nothing waits in them. */
  get oldestSeconds(): number {
    let oldest = 0;
    for (const [lane, seconds] of this.#seconds) if (!this.#blocked.has(lane)) oldest = Math.max(oldest, seconds);
    return oldest;
  }
}
