import { BloblangError } from '@sluice/values';
import { Output } from '../binary/output.ts';
import { BitReader } from './bzip2-bits.ts';
import { HuffmanReader } from './bzip2-huffman.ts';

const invalid = (reason: string): BloblangError => new BloblangError(`bzip2 data invalid: ${reason}`);

/** All streams, one behind the other. Throws with Go's text for the structure, and for a checksum that does not fit. */
export function decompressBzip2(bytes: Uint8Array): Uint8Array {
  const bits = new BitReader(bytes);
  const output = new Output(bytes.length * 5);
  for (let isFirst = true; isFirst || !bits.isAtEnd; isFirst = false) {
    readStream(bits, output, isFirst);
    bits.align();
  }
  return output.since(0);
}

function readStream(bits: BitReader, output: Output, isFirst: boolean): void {
  if (bits.read(16) !== 0x425a) throw invalid(isFirst ? 'bad magic value' : 'bad magic value in continuation file');
  if (bits.read(8) !== 0x68) throw invalid('non-Huffman entropy encoding');
  const level = bits.read(8) - 0x30;
  if (level < 1 || level > 9) throw invalid('invalid compression level');
  let fileChecksum = 0;
  for (;;) {
    const magic = bits.read(24) * 2 ** 24 + bits.read(24);
    if (magic === 0x177245385090) break;
    if (magic !== 0x314159265359) throw invalid('bad magic value found');
    const start = output.length;
    const expected = read32(bits);
    readBlock(bits, output, level * 100_000);
    const actual = checksum(output.since(start));
    if (actual !== expected) throw invalid('block checksum mismatch');
    fileChecksum = ((fileChecksum << 1) | (fileChecksum >>> 31)) ^ actual;
  }
  if (read32(bits) !== fileChecksum >>> 0) throw invalid('file checksum mismatch');
}

const read32 = (bits: BitReader): number => bits.read(16) * 65536 + bits.read(16);

function readBlock(bits: BitReader, output: Output, maxLength: number): void {
  if (bits.bit()) throw invalid('deprecated randomized files');
  const origin = bits.read(24);
  const symbols = readSymbols(bits);
  if (symbols.length === 0) throw invalid('no symbols in input');
  const treeCount = bits.read(3);
  if (treeCount < 2) throw invalid('invalid number of Huffman trees');
  const selectors = readSelectors(bits, treeCount);
  const trees = Array.from({ length: treeCount }, () => readTree(bits, symbols.length + 2));
  const block = readMoves(bits, symbols, selectors, trees, maxLength);
  if (origin >= block.length) throw invalid('origPtr out of bounds');
  undoTransform(block, origin, output);
}

/** The bytes that occur, as a bitmap of bitmaps. */
function readSymbols(bits: BitReader): number[] {
  const rows = bits.read(16);
  const symbols: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++) if (columns & (0x8000 >> column)) symbols.push(row * 16 + column);
  }
  return symbols;
}

function readSelectors(bits: BitReader, treeCount: number): number[] {
  const order = Array.from({ length: treeCount }, (_, index) => index);
  return Array.from({ length: bits.read(15) }, () => {
    let place = 0;
    while (bits.bit()) place++;
    if (place >= treeCount) throw invalid('tree index too large');
    return moveToFront(order, place);
  });
}

function moveToFront(order: number[], place: number): number {
  const moved = order[place]!;
  order.copyWithin(1, 0, place);
  order[0] = moved;
  return moved;
}

function readTree(bits: BitReader, symbolCount: number): HuffmanReader {
  let length = bits.read(5);
  return new HuffmanReader(
    Array.from({ length: symbolCount }, () => {
      for (;;) {
        if (length < 1 || length > 20) throw invalid('Huffman length out of range');
        if (!bits.bit()) return length;
        length += bits.bit() ? -1 : 1;
      }
    }),
  );
}

const GROUP_SIZE = 50;

/** Undoes the Huffman code, the move-to-front code and the runs of its zero. */
function readMoves(bits: BitReader, symbols: number[], selectors: number[], trees: HuffmanReader[], maxLength: number): Uint32Array {
  const block = new Uint32Array(maxLength);
  const end = symbols.length + 1;
  let length = 0;
  let run = 0;
  let runUnit = 1;
  for (let read = 0; ; read++) {
    const selector = selectors[Math.floor(read / GROUP_SIZE)];
    if (selector === undefined) throw invalid('insufficient selector indices for number of symbols');
    const symbol = trees[selector]!.next(bits);
    if (symbol < 2) {
      run += runUnit << symbol;
      runUnit <<= 1;
      if (run > maxLength) throw invalid('repeat count too large');
      continue;
    }
    if (length + run > maxLength) throw invalid('repeats past end of block');
    block.fill(symbols[0]!, length, length + run);
    length += run;
    run = 0;
    runUnit = 1;
    if (symbol === end) return block.subarray(0, length);
    if (length >= maxLength) throw invalid('data exceeds block size');
    block[length++] = moveToFront(symbols, symbol - 1);
  }
}

/** Undoes the Burrows-Wheeler transform; then four equal bytes are followed by how many more there are. */
function undoTransform(block: Uint32Array, origin: number, output: Output): void {
  const starts = new Uint32Array(256);
  for (const byte of block) starts[byte]!++;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) [starts[byte], sum] = [sum, sum + starts[byte]!];
  // The upper 24 bits of an entry become the place of the byte that follows.
  for (let index = 0; index < block.length; index++) block[starts[block[index]! & 0xff]!++]! |= index << 8;
  let place = block[origin]! >>> 8;
  let previous = -1;
  let equal = 0;
  for (let count = block.length; count > 0; count--) {
    const entry = block[place]!;
    const byte = entry & 0xff;
    place = entry >>> 8;
    if (equal === 4) {
      output.repeat(previous, byte);
      equal = 0;
      previous = -1;
      continue;
    }
    equal = byte === previous ? equal + 1 : 1;
    previous = byte;
    output.push(byte);
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte << 24;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 0x80000000 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  return remainder;
});

/** CRC-32 with the highest bit first. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc << 8) ^ TABLE[((crc >>> 24) ^ byte) & 0xff]!;
  return ~crc >>> 0;
}
