/** Bytes and records that the jobs in hand of one egress may take. Whoever asks first is served first. */
export interface Share {
  readonly bytes: number;
  readonly records: number;
}

/** What the objects that stand for a record take beside its bytes; with small records they are most of it. */
export const RECORD_OVERHEAD_BYTES = 512;

interface Waiter {
  readonly share: Share;
  readonly grant: () => void;
}

export class MemoryBudget {
  readonly #limit: Share;
  readonly #waiters: Waiter[] = [];
  #bytes = 0;
  #records = 0;

  constructor(limit: Share) {
    this.#limit = limit;
  }

  get used(): Share {
    return { bytes: this.#bytes, records: this.#records };
  }

  /** Takes a share if there is room and nobody waits for it. A share larger than the whole budget fits an empty one. */
  tryReserve(share: Share): boolean {
    if (this.#waiters.length > 0 || !this.#hasRoom(share)) return false;
    this.#add(share);
    return true;
  }

  /** Resolves once the share is taken. Rejects with the signal's reason, the share not taken, when aborted before. */
  reserve(share: Share, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.tryReserve(share)) return resolve();
      const waiter: Waiter = {
        share,
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

  /** Replaces a share that was reserved by guess with what it turned out to be; over the limit where it must. */
  adjust(reserved: Share, actual: Share): void {
    this.#bytes += actual.bytes - reserved.bytes;
    this.#records += actual.records - reserved.records;
    this.#serve();
  }

  release(share: Share): void {
    this.adjust(share, { bytes: 0, records: 0 });
  }

  #serve(): void {
    for (let first = this.#waiters[0]; first && this.#hasRoom(first.share); first = this.#waiters[0]) {
      this.#waiters.shift();
      this.#add(first.share);
      first.grant();
    }
  }

  #hasRoom({ bytes, records }: Share): boolean {
    if (this.#bytes === 0 && this.#records === 0) return true;
    return this.#bytes + bytes <= this.#limit.bytes && this.#records + records <= this.#limit.records;
  }

  #add({ bytes, records }: Share): void {
    this.#bytes += bytes;
    this.#records += records;
  }
}
