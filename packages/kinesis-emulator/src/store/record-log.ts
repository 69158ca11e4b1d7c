import { MIB } from '../limits.ts';
import { lowerBound, Segment } from './segment.ts';

/** Counts the memory of all logs together. */
export interface MemoryMeter {
  heldBytes: number;
}

/** Consecutive records of one segment. */
export interface RecordRun {
  readonly segment: Segment;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

export interface RecordPage {
  readonly runs: readonly RecordRun[];
  readonly count: number;
  readonly bytes: number;
  /** Arrival of the first record after the page; `undefined` where the page reaches the end. */
  readonly nextArrivalMs: number | undefined;
  /** Ordinal of the page's last record; `undefined` for an empty page. */
  readonly lastOrdinal: number | undefined;
}

const SMALLEST_SEGMENT = 64 * 1024;
const LARGEST_SEGMENT = MIB;

/** The records of one shard, oldest first, in segments that grow with the shard's traffic. */
export class RecordLog {
  readonly #meter: MemoryMeter;
  readonly #segments: Segment[] = [];
  /** Records of the first segment that were trimmed already. */
  #trimmed = 0;
  /** Records ever appended, trimmed ones included. */
  appended = 0;

  constructor(meter: MemoryMeter) {
    this.#meter = meter;
  }

  append(ordinal: number, arrivalMs: number, partitionKey: string, payload: Buffer, start: number, end: number): void {
    let segment = this.#segments.at(-1);
    if (!segment?.hasRoomFor(end - start)) {
      const capacity = Math.min(Math.max((segment?.data.length ?? 0) * 2, SMALLEST_SEGMENT), LARGEST_SEGMENT);
      segment = new Segment(Math.max(capacity, end - start));
      this.#segments.push(segment);
      this.#meter.heldBytes += segment.footprint;
    }
    this.appended++;
    const before = segment.footprint;
    segment.append(ordinal, arrivalMs, partitionKey, payload, start, end);
    this.#meter.heldBytes += segment.footprint - before;
  }

  /** Records from the first one at or above `ordinal`: at least one where there is one, else as many as both limits allow. */
  page(ordinal: number, maxRecords: number, maxBytes: number): RecordPage {
    const runs: RecordRun[] = [];
    let count = 0;
    let bytes = 0;
    let lastOrdinal: number | undefined;
    for (let at = this.#segmentWith(ordinal); at < this.#segments.length; at++) {
      const segment = this.#segments[at]!;
      const from = Math.max(lowerBound(segment.ordinals, ordinal), at === 0 ? this.#trimmed : 0);
      let to = from;
      while (to < segment.count && count < maxRecords) {
        const size = segment.sizeOf(to);
        if (count > 0 && bytes + size > maxBytes) break;
        bytes += size;
        count++;
        to++;
      }
      if (to > from) {
        runs.push({ segment, from, to });
        lastOrdinal = segment.ordinals[to - 1]!;
      }
      if (to < segment.count) return { runs, count, bytes, lastOrdinal, nextArrivalMs: segment.arrivalsMs[to]! };
    }
    return { runs, count, bytes, lastOrdinal, nextArrivalMs: undefined };
  }

  /** Ordinal of the first record that arrived at `timeMs` or later; `undefined` where there is none. */
  firstOrdinalSince(timeMs: number): number | undefined {
    for (const segment of this.#segments) {
      const index = lowerBound(segment.arrivalsMs, timeMs);
      if (index < segment.count) return segment.ordinals[index]!;
    }
    return undefined;
  }

  /** Forgets what arrived before `timeMs`. */
  trimBefore(timeMs: number): void {
    this.#trim(({ arrivalsMs }) => arrivalsMs, timeMs);
  }

  /** Forgets the records up to `ordinal`, and that one. */
  trimThrough(ordinal: number): void {
    this.#trim(({ ordinals }) => ordinals, ordinal + 1);
  }

  /** Forgets the records whose value lies below `bound`; the values rise from record to record. */
  #trim(valuesOf: (segment: Segment) => readonly number[], bound: number): void {
    let first = this.#segments[0];
    while (first && valuesOf(first).at(-1)! < bound) {
      this.dropOldestSegment();
      first = this.#segments[0];
    }
    if (first && valuesOf(first)[this.#trimmed]! < bound) this.#trimmed = lowerBound(valuesOf(first), bound);
  }

  get segments(): number {
    return this.#segments.length;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  get oldestArrivalMs(): number | undefined {
    return this.#segments[0]?.arrivalsMs[this.#trimmed];
  }

  /** Gives the oldest segment's memory back; answers how many records went, and the ordinal of the last. There must be a segment. */
  dropOldestSegment(): { readonly count: number; readonly lastOrdinal: number } {
    const segment = this.#segments.shift()!;
    const count = segment.count - this.#trimmed;
    this.#trimmed = 0;
    this.#meter.heldBytes -= segment.footprint;
    return { count, lastOrdinal: segment.ordinals.at(-1)! };
  }

  clear(): void {
    while (!this.isEmpty) this.dropOldestSegment();
  }

  /** The segment that holds `ordinal`, or the one after the gap in which it would lie. */
  #segmentWith(ordinal: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#segments[middle]!.ordinals.at(-1)! < ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
