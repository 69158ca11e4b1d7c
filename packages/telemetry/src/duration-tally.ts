/** Upper bounds of the time from a record's arrival in its source until it is written, seconds. */
export const DELIVERY_SECONDS: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];

/** Durations counted by bucket, so that those of a whole request are recorded at once. */
export class DurationTally {
  readonly bounds: readonly number[];
  /** One for each bound, and one for what is above all of them. */
  readonly counts: Uint32Array;
  sumSeconds = 0;
  longestSeconds = 0;
  /** A trace in which the longest of them can be seen. */
  traceId: string | undefined = undefined;
  #bucket = 0;

  constructor(bounds: readonly number[] = DELIVERY_SECONDS) {
    this.bounds = bounds;
    this.counts = new Uint32Array(bounds.length + 1);
  }

  /** @param weight how many records took so long */
  add(seconds: number, weight = 1): void {
    const { bounds } = this;
    // Records of a request are mostly as old as each other: the last bucket is where the search begins.
    let bucket = this.#bucket;
    while (bucket < bounds.length && seconds > bounds[bucket]!) bucket++;
    while (bucket > 0 && seconds <= bounds[bucket - 1]!) bucket--;
    this.#bucket = bucket;
    this.counts[bucket]! += weight;
    this.sumSeconds += seconds * weight;
    if (seconds > this.longestSeconds) this.longestSeconds = seconds;
  }
}
