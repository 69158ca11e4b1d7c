/** Shares of memory for pages: each open shard may hold one page that is being enqueued and one that was fetched ahead. */
export class ByteBudget {
  readonly #totalBytes: number;
  #shards = 0;

  /** @param totalBytes data bytes of all pages together; in memory they take about three times that for a moment, while a reply is decoded */
  constructor(totalBytes: number) {
    this.#totalBytes = totalBytes;
  }

  /** Counts one more shard; answers the way to stop that. */
  join(): () => void {
    this.#shards++;
    let isOpen = true;
    return () => {
      if (isOpen) this.#shards--;
      isOpen = false;
    };
  }

  /** Bytes that one page should have at most. */
  pageBytes(): number {
    return this.#totalBytes / (2 * Math.max(1, this.#shards));
  }
}
