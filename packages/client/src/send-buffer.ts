import type { SluiceRecord } from '@sluice/core';

export interface Load {
  readonly records: number;
  readonly bytes: number;
}

/** Records that are sent together, and who waits for them. */
export interface Parcel {
  readonly records: readonly SluiceRecord[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What of a client's records is not known to be in Redis, in the order in which it came. Bounded by who asks {@link hasRoom} first. */
export class SendBuffer {
  readonly #limit: Load;
  #queued: Parcel[] = [];
  #ofQueued: Load = NOTHING;
  #ofAll: Load = NOTHING;

  constructor(limit: Load) {
    this.#limit = limit;
  }

  /** Queued, and taken but not released. */
  get load(): Load {
    return this.#ofAll;
  }

  get isEmpty(): boolean {
    return this.#queued.length === 0;
  }

  /** Whether one more parcel may come: one that is larger than what is left is taken whole. */
  get hasRoom(): boolean {
    return this.#ofAll.records < this.#limit.records && this.#ofAll.bytes < this.#limit.bytes;
  }

  /** Of what is queued. */
  isAtLeast({ records, bytes }: Load): boolean {
    return this.#ofQueued.records >= records || this.#ofQueued.bytes >= bytes;
  }

  add(parcel: Parcel): void {
    this.#queued.push(parcel);
    this.#ofQueued = sum(this.#ofQueued, parcel);
    this.#ofAll = sum(this.#ofAll, parcel);
  }

  /** The first parcels, up to a limit and at least one. They count until they are released. */
  take(limit: Load): Parcel[] {
    let taken = NOTHING;
    const end = this.#queued.findIndex((parcel, index) => {
      const more = sum(taken, parcel);
      if (index > 0 && (more.records > limit.records || more.bytes > limit.bytes)) return true;
      taken = more;
      return false;
    });
    this.#ofQueued = difference(this.#ofQueued, taken);
    return this.#queued.splice(0, end === -1 ? this.#queued.length : end);
  }

  release(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) this.#ofAll = difference(this.#ofAll, loadOf(parcel));
  }

  /** Takes a parcel back that was not taken yet. Answers whether it was there. */
  remove(parcel: Parcel): boolean {
    // Whole calls are taken back from their end.
    const index = this.#queued.lastIndexOf(parcel);
    if (index === -1) return false;
    this.#queued.splice(index, 1);
    this.#ofQueued = difference(this.#ofQueued, loadOf(parcel));
    this.release([parcel]);
    return true;
  }
}

const NOTHING: Load = { records: 0, bytes: 0 };

const loadOf = ({ records, bytes }: Parcel): Load => ({ records: records.length, bytes });

const sum = (load: Load, { records, bytes }: Parcel): Load => ({ records: load.records + records.length, bytes: load.bytes + bytes });

const difference = (load: Load, less: Load): Load => ({ records: load.records - less.records, bytes: load.bytes - less.bytes });
