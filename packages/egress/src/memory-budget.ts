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
  /** What of it is reserved by guess only. */
  #guessed: Share = NOTHING;

  constructor(limit: Share) {
    this.#limit = limit;
  }

  get used(): Share {
    return { bytes: this.#bytes, records: this.#records };
  }

  /** Whether a share has room beside all that is known to be taken, once it shows what was reserved by guess. */
  mayGetRoom(share: Share): boolean {
    return hasRoom(share, subtract(this.used, this.#guessed), this.#limit);
  }

  /** Takes a share if there is room and nobody waits for it. A share larger than the whole budget fits an empty one. */
  tryReserve(share: Share): boolean {
    if (this.#waiters.length > 0 || !hasRoom(share, this.used, this.#limit)) return false;
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
    this.#guessed = subtract(this.#guessed, reserved);
    this.#replace(reserved, actual);
  }

  /** Gives back a share that is no guess. */
  release(share: Share): void {
    this.#replace(share, NOTHING);
  }

  #replace(before: Share, after: Share): void {
    this.#bytes += after.bytes - before.bytes;
    this.#records += after.records - before.records;
    this.#serve();
  }

  #serve(): void {
    for (let first = this.#waiters[0]; first && hasRoom(first.share, this.used, this.#limit); first = this.#waiters[0]) {
      this.#waiters.shift();
      this.#add(first.share);
      first.grant();
    }
  }

  #add(share: Share): void {
    this.#bytes += share.bytes;
    this.#records += share.records;
    this.#guessed = add(this.#guessed, share);
  }
}

const NOTHING: Share = { bytes: 0, records: 0 };

const add = (a: Share, b: Share): Share => ({ bytes: a.bytes + b.bytes, records: a.records + b.records });

const subtract = (a: Share, b: Share): Share => ({ bytes: a.bytes - b.bytes, records: a.records - b.records });

function hasRoom(share: Share, used: Share, limit: Share): boolean {
  if (used.bytes === 0 && used.records === 0) return true;
  const together = add(used, share);
  return together.bytes <= limit.bytes && together.records <= limit.records;
}
