/** One record as it was fed, or as it was read back. */
export interface SeenRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

export interface DeliveryReport {
  readonly fed: number;
  readonly readBack: number;
  /** Fed and not read back. */
  readonly lost: number;
  /** Read back more often than fed. */
  readonly duplicated: number;
  /** Read back but never fed. */
  readonly foreign: number;
  /**
   * First occurrences that came after one that was fed later under the same key. Records that were fed more than once do not count: which of
   * the equal ones came, and which is a duplicate, cannot be known.
   */
  readonly outOfOrder: number;
}

/**
 * Compares what was fed with what was read back, key by key. Two equal records of a key are distinguished by
 * how often they came, so that any data can be checked, also data that repeats itself.
 */
export class DeliveryCheck {
  readonly #keys = new Map<string, KeyHistory>();
  #fed = 0;
  #readBack = 0;

  feed({ partitionKey, data }: SeenRecord): void {
    this.#fed += 1;
    this.#historyOf(partitionKey).feed(textOf(data));
  }

  readBack({ partitionKey, data }: SeenRecord): void {
    this.#readBack += 1;
    this.#historyOf(partitionKey).readBack(textOf(data));
  }

  get isComplete(): boolean {
    return [...this.#keys.values()].every(({ lost }) => lost === 0);
  }

  report(): DeliveryReport {
    const histories = [...this.#keys.values()];
    const sum = (pick: (history: KeyHistory) => number) => histories.reduce((total, history) => total + pick(history), 0);
    return {
      fed: this.#fed,
      readBack: this.#readBack,
      lost: sum(({ lost }) => lost),
      duplicated: sum(({ duplicated }) => duplicated),
      foreign: sum(({ foreign }) => foreign),
      outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    };
  }

  #historyOf(key: string): KeyHistory {
    const known = this.#keys.get(key);
    if (known) return known;
    const history = new KeyHistory();
    this.#keys.set(key, history);
    return history;
  }
}

class KeyHistory {
  duplicated = 0;
  foreign = 0;
  outOfOrder = 0;
  #fed = 0;
  #arrived = 0;
  /** Highest place, in feeding order, among the first occurrences so far. */
  #highest = -1;
  /** For each content, the places at which it was fed and not yet read back. */
  readonly #waiting = new Map<string, number[]>();
  /** Contents that were fed more than once. */
  readonly #repeated = new Set<string>();

  feed(content: string): void {
    const places = this.#waiting.get(content);
    if (places) {
      places.push(this.#fed);
      this.#repeated.add(content);
    } else this.#waiting.set(content, [this.#fed]);
    this.#fed += 1;
  }

  readBack(content: string): void {
    const places = this.#waiting.get(content);
    const place = places?.shift();
    if (place === undefined) {
      if (places) this.duplicated += 1;
      else this.foreign += 1;
      return;
    }
    this.#arrived += 1;
    if (this.#repeated.has(content)) return;
    if (place < this.#highest) this.outOfOrder += 1;
    else this.#highest = place;
  }

  get lost(): number {
    return this.#fed - this.#arrived;
  }
}

const textOf = (data: Uint8Array): string => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
