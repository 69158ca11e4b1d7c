import { BloblangError } from '@sluice/values';
import { unexpectedEnd } from '../binary/output.ts';
import { DeflateBits, DeflateCode } from './deflate-bits.ts';

const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;
const MAX_LITERALS = 286;
const MAX_DISTANCES = 30;
const MAX_WINDOW = 32_768;

/** A stream broke off, or is corrupt. */
class Corrupt extends Error {}

/**
 * What the original's library says of a deflate stream that cannot be read: it counts the bytes that it had taken when it saw so. Nothing
 * where it finds nothing wrong. Goes through the stream as that library does, without making the content.
 */
export function findCorruption(deflated: Uint8Array): BloblangError | undefined {
  const bits = new DeflateBits(deflated);
  try {
    for (let written = 0, isLast = false; !isLast; ) {
      const header = bits.read(3);
      isLast = (header & 1) === 1;
      written = readBlock(bits, header >> 1, written);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Corrupt) return new BloblangError(`flate: corrupt input before offset ${bits.offset}`);
    if (error instanceof RangeError) return unexpectedEnd();
    throw error;
  }
}

/** Answers how much is written behind the block. */
function readBlock(bits: DeflateBits, kind: number, written: number): number {
  switch (kind) {
    case 0:
      return written + skipStored(bits);
    case 1:
      return readCoded(bits, FIXED_LITERALS, undefined, written);
    case 2: {
      const { literals, distances } = readCodes(bits);
      return readCoded(bits, literals, distances, written);
    }
    default:
      throw new Corrupt();
  }
}

function skipStored(bits: DeflateBits): number {
  const [low, high, inverseLow, inverseHigh] = bits.take(4) as unknown as [number, number, number, number];
  const length = low | (high << 8);
  if ((inverseLow | (inverseHigh << 8)) !== (~length & 0xffff)) throw new Corrupt();
  bits.take(length);
  return length;
}

function readCodes(bits: DeflateBits): { literals: DeflateCode; distances: DeflateCode } {
  const counts = bits.read(14);
  const literalCount = (counts & 0x1f) + 257;
  const distanceCount = ((counts >> 5) & 0x1f) + 1;
  if (literalCount > MAX_LITERALS || distanceCount > MAX_DISTANCES) throw new Corrupt();
  const ofLengths = new Uint8Array(LENGTH_ORDER.length);
  for (const symbol of LENGTH_ORDER.slice(0, (counts >> 10) + 4)) ofLengths[symbol] = bits.read(3);
  const lengths = readLengths(bits, codeOf(ofLengths), literalCount + distanceCount);
  const literals = codeOf(lengths.subarray(0, literalCount));
  // The library knows that the end must come.
  literals.atLeast = Math.max(literals.atLeast, lengths[END_OF_BLOCK]!);
  return { literals, distances: codeOf(lengths.subarray(literalCount)) };
}

/** RFC 1951, 3.2.7: 16 repeats the length before, 17 and 18 stand for zeros. */
function readLengths(bits: DeflateBits, code: DeflateCode, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let at = 0; at < count; ) {
    const symbol = symbolOf(bits, code);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw new Corrupt();
    const times = symbol === 16 ? 3 + bits.read(2) : symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7);
    if (at + times > count) throw new Corrupt();
    lengths.fill(symbol === 16 ? lengths[at - 1]! : 0, at, at + times);
    at += times;
  }
  return lengths;
}

function readCoded(bits: DeflateBits, literals: DeflateCode, distances: DeflateCode | undefined, before: number): number {
  for (let written = before; ; ) {
    const symbol = symbolOf(bits, literals);
    if (symbol === END_OF_BLOCK) return written;
    if (symbol < END_OF_BLOCK) {
      written++;
      continue;
    }
    if (symbol >= MAX_LITERALS) throw new Corrupt();
    const length = lengthOf(bits, symbol);
    if (distanceOf(bits, distances) > Math.min(written, MAX_WINDOW)) throw new Corrupt();
    written += length;
  }
}

function lengthOf(bits: DeflateBits, symbol: number): number {
  if (symbol < 265) return symbol - 254;
  if (symbol === 285) return 258;
  const extra = (symbol - 261) >> 2;
  return 3 + ((4 + ((symbol - 261) & 3)) << extra) + bits.read(extra);
}

function distanceOf(bits: DeflateBits, code: DeflateCode | undefined): number {
  const symbol = code ? symbolOf(bits, code) : reversed(bits.read(5));
  if (symbol < 4) return symbol + 1;
  if (symbol >= MAX_DISTANCES) throw new Corrupt();
  const extra = (symbol - 2) >> 1;
  return (1 << (extra + 1)) + 1 + ((symbol & 1) << extra) + bits.read(extra);
}

const reversed = (five: number): number => [16, 8, 4, 2, 1].reduce((sum, bit, at) => sum + ((five >> at) & 1) * bit, 0);

function symbolOf(bits: DeflateBits, code: DeflateCode): number {
  const symbol = bits.symbol(code);
  if (symbol === undefined) throw new Corrupt();
  return symbol;
}

function codeOf(lengths: Uint8Array): DeflateCode {
  const code = DeflateCode.of(lengths);
  if (!code) throw new Corrupt();
  return code;
}

const FIXED_LITERALS = codeOf(
  Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
