/**
 * Where a value ends. The library takes the lengths in the bytes as they are, and reads on behind the end: five bytes of an array that is
 * said to have a billion items would fill the memory of a process. So values are measured before they are decoded.
 */
import { BloblangError } from '@sluice/values';
import { type Maker, makeOfAvro } from './avro-types.ts';

/** Moves behind a value. */
type Skip = (cursor: Cursor) => void;

/** Items that take no bytes, as those of an array of nulls; others are bounded by the bytes. */
const MOST_EMPTY_ITEMS = 100_000;

/** Of values of the last of the schemas, which have been checked: the place behind the one that begins `at`, or -1 where the bytes end before. */
export function extentOfAvro(schemas: readonly unknown[]): (data: Buffer, at: number) => number {
  const skip = makeOfAvro(schemas, SKIPS);
  return (data, at) => {
    const cursor = new Cursor(data, at);
    try {
      skip(cursor);
      return cursor.at;
    } catch (error) {
      if (error instanceof CutOffError) return -1;
      throw error;
    }
  };
}

class CutOffError extends Error {}

class Cursor {
  readonly #data: Buffer;
  at: number;
  #emptyItems = 0;

  constructor(data: Buffer, at: number) {
    this.#data = data;
    this.at = at;
  }

  skip(length: number): void {
    if (length < 0) throw new BloblangError(`expected a length in Avro, found ${length}`);
    if (length > this.#data.length - this.at) throw new CutOffError();
    this.at += length;
  }

  /** Exact up to 2^53, which no length of what is here reaches. */
  long(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      this.skip(1);
      const byte = this.#data[this.at - 1]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new BloblangError('expected a number of at most ten bytes in Avro, found a longer one');
  }

  /** Blocks of items, of which the last is empty. A negative count is followed by the size of its block. */
  blocks(skipItem: Skip): void {
    for (let count = this.long(); count !== 0; count = this.long()) {
      if (count < 0) this.long();
      for (let index = Math.abs(count); index > 0; index--) {
        const before = this.at;
        skipItem(this);
        if (this.at === before && ++this.#emptyItems > MOST_EMPTY_ITEMS)
          throw new BloblangError(`expected at most ${MOST_EMPTY_ITEMS} items without bytes in Avro, found more`);
      }
    }
  }
}

const skipBytes: Skip = (cursor) => cursor.skip(cursor.long());

const SKIPS: Maker<Skip> = {
  primitives: {
    null: () => {},
    boolean: (cursor) => cursor.skip(1),
    int: (cursor) => void cursor.long(),
    long: (cursor) => void cursor.long(),
    float: (cursor) => cursor.skip(4),
    double: (cursor) => cursor.skip(8),
    bytes: skipBytes,
    string: skipBytes,
  },
  array: (item) => (cursor) => cursor.blocks(item),
  map: (member) => (cursor) =>
    cursor.blocks(() => {
      skipBytes(cursor);
      member(cursor);
    }),
  record: (fields) => (cursor) => {
    for (const { made } of fields) made(cursor);
  },
  enum: () => (cursor) => void cursor.long(),
  fixed:
    ({ size }) =>
    (cursor) =>
      cursor.skip(size!),
  union: (branches) => (cursor) => {
    const index = cursor.long();
    const branch = branches[index];
    if (!branch) throw new BloblangError(`expected one of ${branches.length} branches of an Avro union, found ${index}`);
    branch.made(cursor);
  },
  named: (find) => (cursor) => find()(cursor),
};
