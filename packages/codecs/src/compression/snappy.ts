import { BloblangError, checkLength } from '@sluice/values';
import { Input, Output } from '../binary/output.ts';

/** Blocks are compressed by themselves, so that an offset always fits 16 bits. */
const BLOCK_SIZE = 1 << 16;
/** Shorter blocks are written as they are, and no match begins this close to the end. */
const TAIL = 15;
const HASH_BITS = 14;

/** The raw format: the length, then literals and copies. */
export function compressSnappy(bytes: Uint8Array): Uint8Array {
  const output = new Output(bytes.length + Math.ceil(bytes.length / 6) + 32);
  let rest = bytes.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) output.push((rest & 0x7f) | 0x80);
  output.push(rest);
  const table = new Uint16Array(1 << HASH_BITS);
  for (let start = 0; start < bytes.length; start += BLOCK_SIZE) {
    writeBlock(output, bytes.subarray(start, start + BLOCK_SIZE), table.fill(0));
  }
  return output.since(0);
}

function writeBlock(output: Output, block: Uint8Array, table: Uint16Array): void {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const end = block.length - TAIL;
  let anchor = 0;
  // The longer nothing was found, the further apart it is looked for.
  let misses = 32;
  for (let at = 1; at < end; ) {
    const word = view.getUint32(at, true);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const found = table[slot]!;
    table[slot] = at;
    if (found >= at || view.getUint32(found, true) !== word) {
      at += misses++ >> 5;
      continue;
    }
    let length = 4;
    while (at + length < block.length && block[at + length] === block[found + length]) length++;
    writeLiteral(output, block.subarray(anchor, at));
    writeCopy(output, at - found, length);
    at += length;
    anchor = at;
    misses = 32;
  }
  writeLiteral(output, block.subarray(anchor));
}

function writeLiteral(output: Output, literal: Uint8Array): void {
  if (literal.length === 0) return;
  const last = literal.length - 1;
  if (last < 60) {
    output.push(last << 2);
  } else if (last < 256) {
    output.push(60 << 2);
    output.push(last);
  } else {
    output.push(61 << 2);
    output.push(last & 0xff);
    output.push(last >> 8);
  }
  output.append(literal);
}

function writeCopy(output: Output, offset: number, length: number): void {
  let rest = length;
  const writeLong = (size: number): void => {
    output.push(((size - 1) << 2) | 2);
    output.push(offset & 0xff);
    output.push(offset >> 8);
    rest -= size;
  };
  while (rest >= 68) writeLong(64);
  // What is left must not be shorter than a copy can be.
  if (rest > 64) writeLong(60);
  if (rest >= 12 || offset >= 2048) {
    writeLong(rest);
    return;
  }
  output.push(((offset >> 8) << 5) | ((rest - 4) << 2) | 1);
  output.push(offset & 0xff);
}

/** Throws for what is not the raw format, down to the last byte. */
export function decompressSnappy(bytes: Uint8Array): Uint8Array {
  const input = new Input(bytes);
  try {
    const length = readVarint(input);
    checkLength(length);
    const output = new Output(length);
    while (!input.isAtEnd) readElement(input, output, length);
    if (output.length !== length) throw corrupt();
    return output.since(0);
  } catch (error) {
    throw error instanceof BloblangError && error.message === 'unexpected EOF' ? corrupt() : error;
  }
}

function readVarint(input: Input): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = input.byte();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw corrupt();
}

function readElement(input: Input, output: Output, length: number): void {
  const tag = input.byte();
  if ((tag & 3) === 0) {
    const size = literalLength(input, tag >> 2);
    if (output.length + size > length) throw corrupt();
    output.append(input.take(size));
    return;
  }
  const [size, offset] = readCopy(input, tag);
  if (offset === 0 || offset > output.length || output.length + size > length) throw corrupt();
  output.copy(offset, size);
}

function literalLength(input: Input, code: number): number {
  if (code < 60) return code + 1;
  let last = 0;
  for (let index = 0; index < code - 59; index++) last += input.byte() * 2 ** (8 * index);
  return last + 1;
}

function readCopy(input: Input, tag: number): [size: number, offset: number] {
  if ((tag & 3) === 1) return [((tag >> 2) & 7) + 4, ((tag >> 5) << 8) | input.byte()];
  return [(tag >> 2) + 1, (tag & 3) === 2 ? input.uint16() : input.uint32()];
}

const corrupt = (): BloblangError => new BloblangError('s2: corrupt input');
