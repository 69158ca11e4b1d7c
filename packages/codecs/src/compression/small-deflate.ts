import { BitWriter } from './bit-writer.ts';
import { type HuffmanCode, huffmanCode } from './huffman.ts';

/** Below this length nothing is searched for repetitions. */
export const SMALL_LENGTH = 128;
const STORED_LENGTH = 32;

const END_OF_BLOCK = 256;
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** What a table of codes is guessed to cost, in bits. */
const GUESSED_HEADER = 70 * 8;

/**
 * Deflates fewer than {@link SMALL_LENGTH} bytes to the very bytes that the original's library writes at its fast levels:
 * one block without repetitions, coded if that is worth its table, else stored, and an empty last block. Flushing puts an empty stored
 * block between them.
 */
export function deflateSmall(bytes: Uint8Array, { flushes = false } = {}): Uint8Array {
  const writer = new BitWriter();
  if (bytes.length > 0) writeBlock(writer, bytes);
  if (flushes) writeStored(writer, new Uint8Array(0));
  writer.write(0b011, 3);
  writer.write(0, 7);
  return writer.finish();
}

function writeBlock(writer: BitWriter, bytes: Uint8Array): void {
  if (bytes.length <= STORED_LENGTH) {
    writeStored(writer, bytes);
    return;
  }
  const frequencies = new Uint16Array(END_OF_BLOCK + 1);
  for (const byte of bytes) frequencies[byte]!++;
  frequencies[END_OF_BLOCK] = 1;
  const code = huffmanCode(frequencies, 15);
  if ((bytes.length + 5) * 8 <= estimate(code, frequencies)) writeStored(writer, bytes);
  else writeCoded(writer, bytes, code);
}

function estimate({ lengths }: HuffmanCode, frequencies: Uint16Array): number {
  let bits = GUESSED_HEADER;
  lengths.forEach((length, symbol) => {
    bits += length * frequencies[symbol]!;
  });
  return bits + (bits >> 7);
}

function writeStored(writer: BitWriter, bytes: Uint8Array): void {
  writer.write(0, 3);
  writer.align();
  writer.write(bytes.length, 16);
  writer.write(~bytes.length & 0xffff, 16);
  for (const byte of bytes) writer.write(byte, 8);
}

function writeCoded(writer: BitWriter, bytes: Uint8Array, { lengths, codes }: HuffmanCode): void {
  writer.write(0b100, 3);
  // The code of distances holds one unused symbol of one bit.
  writeCodeLengths(writer, [...lengths, 1]);
  for (const byte of bytes) writer.write(codes[byte]!, lengths[byte]!);
  writer.write(codes[END_OF_BLOCK]!, lengths[END_OF_BLOCK]!);
}

function writeCodeLengths(writer: BitWriter, lengths: readonly number[]): void {
  const runs = runLengths(lengths);
  const frequencies = new Uint16Array(LENGTH_ORDER.length);
  for (const { symbol } of runs) frequencies[symbol]!++;
  const code = huffmanCode(frequencies, 7);
  const count = LENGTH_ORDER.findLastIndex((symbol) => code.lengths[symbol] !== 0) + 1;
  writer.write(0, 5);
  writer.write(0, 5);
  writer.write(Math.max(count, 4) - 4, 4);
  for (const symbol of LENGTH_ORDER.slice(0, Math.max(count, 4))) writer.write(code.lengths[symbol]!, 3);
  for (const { symbol, extra, extraBits } of runs) {
    writer.write(code.codes[symbol]!, code.lengths[symbol]!);
    writer.write(extra, extraBits);
  }
}

interface Run {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** RFC 1951, 3.2.7: 16 repeats the length before, 17 and 18 stand for zeros. */
function runLengths(lengths: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < lengths.length; ) {
    const length = lengths[start]!;
    let end = start + 1;
    while (lengths[end] === length) end++;
    appendRun(runs, length, end - start);
    start = end;
  }
  return runs;
}

function appendRun(runs: Run[], length: number, count: number): void {
  let rest = count;
  const repeat = (symbol: number, least: number, most: number, extraBits: number): void => {
    while (rest >= least) {
      const size = Math.min(rest, most);
      runs.push({ symbol, extra: size - least, extraBits });
      rest -= size;
    }
  };
  if (length === 0) {
    repeat(18, 11, 138, 7);
    repeat(17, 3, 10, 3);
  } else {
    runs.push({ symbol: length, extra: 0, extraBits: 0 });
    rest--;
    repeat(16, 3, 6, 2);
  }
  for (; rest > 0; rest--) runs.push({ symbol: length, extra: 0, extraBits: 0 });
}
