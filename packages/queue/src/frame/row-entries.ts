import { ABSENT, type Metadata, NO_METADATA, newRow, type RecordColumns, type RecordRows } from '@sluice/core';
import { type FrameEntries, metadataText, writeText } from './frame-entries.ts';
import { FLAG, LENGTH_BYTES, ORIGIN_FIXED_BYTES } from './layout.ts';

/** Up to here a loop is faster than the call that copies. */
const SHORT_BYTES = 64;

/** Records in columns: their bytes are copied once, from where they came to where they are sent. */
export class RowEntries implements FrameEntries {
  readonly #columns: RecordColumns;
  readonly #indexes: Uint32Array;
  readonly #row = newRow();

  constructor({ columns, indexes }: RecordRows) {
    this.#columns = columns;
    this.#indexes = indexes;
  }

  sizeOf(index: number): number {
    const row = this.#read(index);
    let size = 1 + LENGTH_BYTES + row.keyEnd - row.keyStart + row.dataEnd - row.dataStart;
    size += ORIGIN_FIXED_BYTES + LENGTH_BYTES + row.sequenceEnd - row.sequenceStart;
    if (row.hashKeyStart !== ABSENT) size += LENGTH_BYTES + row.hashKeyEnd - row.hashKeyStart;
    const metadata = textOf(row.metadata);
    return metadata === '' ? size : size + LENGTH_BYTES + Buffer.byteLength(metadata);
  }

  nameStreams(_from: number, _to: number, enter: (text: string) => void): void {
    enter(this.#columns.stream);
    enter(this.#columns.shardId);
  }

  write(index: number, frame: Buffer, start: number, dictionary: ReadonlyMap<string, number>): number {
    const row = this.#read(index);
    const { stream, shardId } = this.#columns;
    const hasHashKey = row.hashKeyStart !== ABSENT;
    const metadata = textOf(row.metadata);
    let at = start;
    frame[at++] = FLAG.origin | (hasHashKey ? FLAG.hashKey : 0) | (metadata === '' ? 0 : FLAG.metadata);
    at = this.#writeText(frame, row.keyStart, row.keyEnd, at);
    if (hasHashKey) at = this.#writeText(frame, row.hashKeyStart, row.hashKeyEnd, at);
    at = frame.writeUInt16LE(dictionary.get(stream)!, at);
    at = frame.writeUInt16LE(dictionary.get(shardId)!, at);
    at = this.#writeText(frame, row.sequenceStart, row.sequenceEnd, at);
    at = frame.writeUInt32LE(row.subSequenceNumber, at);
    at = frame.writeDoubleLE(row.arrivalTimeMs, at);
    if (metadata !== '') at = writeText(frame, metadata, Buffer.byteLength(metadata), at);
    return this.#copy(frame, row.dataStart, row.dataEnd, at);
  }

  #read(index: number) {
    this.#columns.read(this.#indexes[index]!, this.#row);
    return this.#row;
  }

  #writeText(frame: Buffer, start: number, end: number, at: number): number {
    return this.#copy(frame, start, end, frame.writeUInt32LE(end - start, at));
  }

  #copy(frame: Buffer, start: number, end: number, at: number): number {
    const { bytes } = this.#columns;
    if (end - start > SHORT_BYTES) return at + bytes.copy(frame, at, start, end);
    for (let from = start; from < end; from++) frame[at + from - start] = bytes[from]!;
    return at + end - start;
  }
}

const textOf = (metadata: Metadata): string => (metadata === NO_METADATA ? '' : metadataText(metadata));
