/**
 * A run of records whose data lies in one buffer: no object per record for the garbage collector, and no request body
 * pinned by a slice of it. Filled once, then dropped as a whole.
 */
const MAX_RECORDS = 8_192;

/** Bytes a record costs beside its data and the characters of its key. */
const RECORD_OVERHEAD = 64;

export class Segment {
  readonly ordinals: number[] = [];
  readonly arrivalsMs: number[] = [];
  readonly partitionKeys: string[] = [];
  /** Where each record's data ends in {@link data}; it begins where its predecessor's ends. */
  readonly ends: number[] = [];
  readonly data: Buffer;
  #keyCharacters = 0;

  constructor(capacity: number) {
    this.data = Buffer.allocUnsafeSlow(capacity);
  }

  get count(): number {
    return this.ordinals.length;
  }

  /** Memory this segment holds, in bytes, unused room included. */
  get footprint(): number {
    return this.data.length + this.#keyCharacters + this.count * RECORD_OVERHEAD;
  }

  startOf(index: number): number {
    return index === 0 ? 0 : this.ends[index - 1]!;
  }

  /** Bytes of data and characters of key: what a record counts towards the size of a GetRecords reply. */
  sizeOf(index: number): number {
    return this.ends[index]! - this.startOf(index) + this.partitionKeys[index]!.length;
  }

  dataOf(index: number): Buffer {
    return this.data.subarray(this.startOf(index), this.ends[index]!);
  }

  hasRoomFor(bytes: number): boolean {
    return this.count < MAX_RECORDS && this.startOf(this.count) + bytes <= this.data.length;
  }

  append(ordinal: number, arrivalMs: number, partitionKey: string, payload: Buffer, start: number, end: number): void {
    const at = this.startOf(this.count);
    payload.copy(this.data, at, start, end);
    this.ends.push(at + end - start);
    this.ordinals.push(ordinal);
    this.arrivalsMs.push(arrivalMs);
    this.partitionKeys.push(partitionKey);
    this.#keyCharacters += partitionKey.length;
  }
}

/** The first index in ascending `values` at which a value is at least `bound`; their count where none is. */
export function lowerBound(values: readonly number[], bound: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
