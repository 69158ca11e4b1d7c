import type { SluiceRecord } from './record.ts';
import type { RecordColumns } from './record-columns.ts';

/** Some of the records in columns, in this order. */
export class RecordRows implements Iterable<SluiceRecord> {
  readonly columns: RecordColumns;
  /** Their indexes in the columns. */
  readonly indexes: Uint32Array;

  constructor(columns: RecordColumns, indexes: Uint32Array) {
    this.columns = columns;
    this.indexes = indexes;
  }

  /** Those from one index of the columns up to, not including, another. */
  static between(columns: RecordColumns, from: number, to: number): RecordRows {
    const indexes = new Uint32Array(to - from);
    for (let index = 0; index < indexes.length; index++) indexes[index] = from + index;
    return new RecordRows(columns, indexes);
  }

  get length(): number {
    return this.indexes.length;
  }

  /** Made anew at each call. A negative index counts from the end. */
  at(index: number): SluiceRecord | undefined {
    const inColumns = this.indexes.at(index);
    return inColumns === undefined ? undefined : this.columns.recordAt(inColumns);
  }

  *[Symbol.iterator](): IterableIterator<SluiceRecord> {
    for (const index of this.indexes) yield this.columns.recordAt(index);
  }
}
