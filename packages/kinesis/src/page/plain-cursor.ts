import { comparePositions, type RecordColumns, RecordRows, type ShardPosition } from '@sluice/core';
import type { RecordCursor } from './record-cursor.ts';

/** Over a page without aggregates, where a record is a user record. */
export class PlainCursor implements RecordCursor {
  readonly #columns: RecordColumns;
  #next = 0;

  constructor(columns: RecordColumns, after: ShardPosition | undefined) {
    this.#columns = columns;
    if (after) while (!this.isDone && comparePositions(columns.positionOf(this.#next), after) <= 0) this.#next++;
  }

  get isDone(): boolean {
    return this.#next >= this.#columns.length;
  }

  take(maxRecords = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY): RecordRows {
    const from = this.#next;
    const end = Math.min(this.#columns.length, from + maxRecords);
    let bytes = 0;
    while (this.#next < end) {
      bytes += this.#columns.dataSize(this.#next);
      if (bytes > maxBytes && this.#next > from) break;
      this.#next++;
    }
    return RecordRows.between(this.#columns, from, this.#next);
  }
}
