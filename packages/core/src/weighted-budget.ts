/** A limit on bytes and records that are in memory at once. Requests for a share are granted in the order in which they came. */

/** What something takes in memory. */
export interface Weight {
  readonly bytes: number;
  readonly records: number;
}

/** What the objects that stand for a record take beside its bytes; with small records they are most of it. */
export const RECORD_OVERHEAD_BYTES = 512;

interface Waiter {
  readonly weight: Weight;
  readonly grant: () => void;
}

export class WeightedBudget {
  readonly #limit: Weight;
  readonly #waiters: Waiter[] = [];
  #used: Weight = NOTHING;
  /** The part of it that is reserved for something whose weight is not known yet. */
  #guessed: Weight = NOTHING;

  constructor(limit: Weight) {
    this.#limit = limit;
  }

  get used(): Weight {
    return this.#used;
  }

  /** Whether there is room for this weight beside everything whose weight is known, so that waiting for the guesses may be enough. */
  mayGetRoom(weight: Weight): boolean {
    return hasRoom(weight, subtract(this.#used, this.#guessed), this.#limit);
  }

  /** Takes a guessed weight if there is room and nothing waits. A weight larger than the whole budget fits an empty one. */
  tryReserve(weight: Weight): boolean {
    if (this.#waiters.length > 0 || !hasRoom(weight, this.#used, this.#limit)) return false;
    this.#take(weight);
    return true;
  }

  /** Resolves once a guessed weight is taken. Rejects with the signal's reason, nothing taken, when aborted before. */
  reserve(weight: Weight, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.tryReserve(weight)) return resolve();
      const waiter: Waiter = {
        weight,
        grant: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      const giveUp = () => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        this.#serve();
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiters.push(waiter);
    });
  }

  /** Replaces a guessed weight by the known one, which may exceed the limit. */
  adjust(guessed: Weight, actual: Weight): void {
    this.#guessed = subtract(this.#guessed, guessed);
    this.#used = add(subtract(this.#used, guessed), actual);
    this.#serve();
  }

  /** Gives back a known weight. */
  release(weight: Weight): void {
    this.#used = subtract(this.#used, weight);
    this.#serve();
  }

  #serve(): void {
    for (let first = this.#waiters[0]; first && hasRoom(first.weight, this.#used, this.#limit); first = this.#waiters[0]) {
      this.#waiters.shift();
      this.#take(first.weight);
      first.grant();
    }
  }

  #take(weight: Weight): void {
    this.#used = add(this.#used, weight);
    this.#guessed = add(this.#guessed, weight);
  }
}

const NOTHING: Weight = { bytes: 0, records: 0 };

const add = (a: Weight, b: Weight): Weight => ({ bytes: a.bytes + b.bytes, records: a.records + b.records });

const subtract = (a: Weight, b: Weight): Weight => ({ bytes: a.bytes - b.bytes, records: a.records - b.records });

function hasRoom(weight: Weight, used: Weight, limit: Weight): boolean {
  if (used.bytes === 0 && used.records === 0) return true;
  const together = add(used, weight);
  return together.bytes <= limit.bytes && together.records <= limit.records;
}
