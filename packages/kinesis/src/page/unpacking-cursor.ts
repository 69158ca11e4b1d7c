import { RecordColumns, RecordRows, type ShardPosition } from '@sluice/core';
import { readRecord, type UserRecords } from '../aggregation/aggregate-reader.ts';
import { compareSequenceNumbers } from '../sequence-number.ts';
import type { RecordCursor } from './record-cursor.ts';

/** Columns grow where more is taken. */
const EXPECTED_RECORDS = 1_000;

/** Over a page in which records may be containers. One of them is open at a time. */
export class UnpackingCursor implements RecordCursor {
  readonly #columns: RecordColumns;
  #open: UserRecords | undefined;
  #next = 0;

  constructor(columns: RecordColumns, after: ShardPosition | undefined) {
    this.#columns = columns;
    if (!after) return;
    const distance = () => compareSequenceNumbers(columns.positionOf(this.#next).sequenceNumber, after.sequenceNumber);
    while (this.#next < columns.length && distance() < 0) this.#next++;
    if (this.#next < columns.length && distance() === 0) this.#peek()?.skip(after.subSequenceNumber + 1);
  }

  get isDone(): boolean {
    return this.#peek() === undefined;
  }

  take(maxRecords = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY): RecordRows {
    const taken = new RecordColumns(this.#columns.bytes, this.#columns, Math.min(maxRecords, EXPECTED_RECORDS));
    let bytes = 0;
    for (let open = this.#peek(); open && taken.length < maxRecords && bytes < maxBytes; open = this.#peek()) {
      open.next(taken);
      bytes += taken.dataSize(taken.length - 1);
    }
    return RecordRows.between(taken, 0, taken.length);
  }

  /** What the next record is to be taken from; `undefined` once all is taken. */
  #peek(): UserRecords | undefined {
    while (!this.#open?.remaining) {
      if (this.#next >= this.#columns.length) return undefined;
      this.#open = readRecord(this.#columns, this.#next);
      this.#next++;
    }
    return this.#open;
  }
}
