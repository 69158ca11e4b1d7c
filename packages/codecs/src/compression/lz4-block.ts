import { BloblangError } from '@sluice/values';
import { Input, type Output } from '../binary/output.ts';

const MIN_MATCH = 4;
const WINDOW = 1 << 16;
/** No match begins in the last 14 bytes. */
const TAIL = 10 + MIN_MATCH;

/** Finds earlier occurrences of what comes next. */
interface MatchFinder {
  /** The next match at or behind `position`, or undefined if there is none before `end`. `anchor` is the end of the last one. */
  next(position: number, anchor: number): Match | undefined;
}

interface Match {
  readonly start: number;
  readonly length: number;
  readonly offset: number;
}

/** Compresses a block; undefined if it would not get smaller. */
export function compressLz4Block(bytes: Uint8Array, depth: number): Uint8Array | undefined {
  const end = bytes.length - TAIL;
  const output = Buffer.allocUnsafe(bytes.length + Math.ceil(bytes.length / 255) + 16);
  let written = 0;
  let anchor = 0;
  if (end > 0) {
    const finder = depth === 0 ? fastFinder(bytes, end) : chainFinder(bytes, end, depth);
    for (let match = finder.next(0, 0); match !== undefined; match = finder.next(anchor, anchor)) {
      written = writeSequence(output, written, bytes.subarray(anchor, match.start), match);
      anchor = match.start + match.length;
    }
  }
  if (anchor === 0) return undefined;
  const literals = bytes.subarray(anchor);
  written = writeLiterals(output, written, literals, 0);
  return written - literals.length >= anchor ? undefined : output.subarray(0, written);
}

function writeSequence(output: Uint8Array, at: number, literals: Uint8Array, { length, offset }: Match): number {
  const rest = length - MIN_MATCH;
  let written = writeLiterals(output, at, literals, Math.min(rest, 15));
  output[written++] = offset & 0xff;
  output[written++] = offset >> 8;
  return rest < 15 ? written : writeLength(output, written, rest - 15);
}

function writeLiterals(output: Uint8Array, at: number, literals: Uint8Array, matchNibble: number): number {
  output[at] = (Math.min(literals.length, 15) << 4) | matchNibble;
  const written = literals.length < 15 ? at + 1 : writeLength(output, at + 1, literals.length - 15);
  output.set(literals, written);
  return written + literals.length;
}

function writeLength(output: Uint8Array, at: number, length: number): number {
  let rest = length;
  let written = at;
  for (; rest >= 255; rest -= 255) output[written++] = 255;
  output[written++] = rest;
  return written;
}

/** Reads a block of at most `maxLength` bytes into the output; matches may reach back to `windowStart`. Throws for what is no block. */
export function decompressLz4Block(block: Uint8Array, output: Output, windowStart: number, maxLength: number): void {
  const input = new Input(block);
  const limit = output.length + maxLength;
  try {
    while (!input.isAtEnd) {
      const token = input.byte();
      output.append(input.take(readLength(input, token >> 4)));
      if (input.isAtEnd) {
        // A block ends with literals.
        if ((token & 15) === 0) return;
        throw invalidBlock();
      }
      const offset = input.uint16();
      const length = readLength(input, token & 15) + MIN_MATCH;
      if (offset === 0 || offset > output.length - windowStart || output.length + length > limit) throw invalidBlock();
      output.copy(offset, length);
    }
  } catch (error) {
    throw error instanceof BloblangError && error.message === 'unexpected EOF' ? invalidBlock() : error;
  }
}

function readLength(input: Input, nibble: number): number {
  let length = nibble;
  if (nibble === 15) {
    for (let byte = 255; byte === 255; length += byte) byte = input.byte();
  }
  return length;
}

const invalidBlock = (): BloblangError => new BloblangError('lz4: invalid source or destination buffer too short');

/** How much more is skipped the longer nothing was found. */
const SKIP_SHIFT = 7;

/** One candidate a hash of six bytes, three positions tried at a time. */
function fastFinder(bytes: Uint8Array, end: number): MatchFinder {
  const table = new Int32Array(1 << 16).fill(-1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash = (position: number): number => hashOfSix(view, position);
  // A position counts as at most one window away: the original keeps its low 16 bits only.
  const candidate = (slot: number, position: number): number => {
    const low = table[slot]! < 0 ? 0 : table[slot]! & (WINDOW - 1);
    const found = low + (position & ~(WINDOW - 1));
    return found >= position ? found - WINDOW : found;
  };
  const isMatch = (at: number, position: number): boolean =>
    at >= 0 && position - at < WINDOW && view.getUint32(at, true) === view.getUint32(position, true);

  const extend = (from: number, found: number, anchor: number): Match => {
    const offset = from - found;
    let start = from;
    while (start > anchor && start - offset > 0 && bytes[start - 1] === bytes[start - offset - 1]) start--;
    const stop = matchEnd(bytes, from + MIN_MATCH, offset, end);
    if (stop < end) table[hash(stop - 2)] = stop - 2;
    return { start, length: stop - start, offset };
  };

  return {
    next(position, anchor) {
      for (let at = position; at < end; ) {
        const [first, second, third] = [hash(at), hash(at + 1), hash(at + 2)];
        const [found, found2] = [candidate(first, at), candidate(second, at + 1)];
        table[first] = at;
        table[second] = at + 1;
        if (isMatch(found, at)) return extend(at, found, anchor);
        const found3 = candidate(third, at + 2);
        if (isMatch(found2, at + 1)) return extend(at + 1, found2, anchor);
        table[third] = at + 2;
        if (isMatch(found3, at + 2)) return extend(at + 2, found3, anchor);
        at += 4 + ((at + 2 - anchor) >> SKIP_SHIFT);
      }
      return undefined;
    },
  };
}

/** The lower half of the prime, and what is above 32 bits of it. */
const SIX_BYTE_PRIME = [0xbcdcbf9b, 0xcf1b] as const;

/** Six bytes as a number, times a prime of 48 bits: bits 32 to 47 of the product. */
function hashOfSix(view: DataView, position: number): number {
  const low = view.getUint32(position, true);
  const high = view.getUint16(position + 4, true);
  const [primeLow, primeHigh] = SIX_BYTE_PRIME;
  return (upperHalf(low, primeLow) + Math.imul(low, primeHigh) + Math.imul(high, primeLow)) & 0xffff;
}

/** The upper half of the product of two unsigned 32-bit numbers. */
function upperHalf(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor((aLow * bHigh + (middle % 65536)) / 65536);
}

/** Where a match that began before `position` ends; eight bytes are compared at a time while they are before `end`. */
function matchEnd(bytes: Uint8Array, position: number, offset: number, end: number): number {
  let at = position;
  while (at + 8 <= end) {
    for (const stop = at + 8; at < stop; at++) if (bytes[at] !== bytes[at - offset]) return at;
  }
  return at;
}

/** Follows all earlier positions of the same hash of four bytes, `depth` of them at most, and takes the longest match. */
function chainFinder(bytes: Uint8Array, end: number, depth: number): MatchFinder {
  const heads = new Int32Array(1 << 16);
  const chain = new Int32Array(WINDOW);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash = (position: number): number => Math.imul(view.getUint32(position, true), 2654435761) >>> 16;
  const insert = (position: number): void => {
    const slot = hash(position);
    chain[position & (WINDOW - 1)] = heads[slot]!;
    heads[slot] = position;
  };
  const longest = (position: number): Match => {
    let length = 0;
    let offset = 0;
    let tries = depth;
    for (let at = heads[hash(position)]!; at > 0 && position - at < WINDOW && tries > 0; tries--) {
      if (bytes[at + length] === bytes[position + length]) {
        const found = commonLength(bytes, at, position, end);
        if (found >= MIN_MATCH && found > length) [length, offset] = [found, position - at];
      }
      at = chain[at & (WINDOW - 1)]!;
    }
    return { start: position, length, offset };
  };
  return {
    next(position, anchor) {
      for (let at = position; at < end; at += 1 + ((at - anchor) >> SKIP_SHIFT)) {
        const match = longest(at);
        insert(at);
        if (match.length === 0) continue;
        const stop = at + match.length;
        for (let inside = Math.max(at + 1, stop - WINDOW); inside < stop; inside++) insert(inside);
        return match;
      }
      return undefined;
    },
  };
}

/** How many bytes are equal, compared in eights as long as fewer than `end - position` are. */
function commonLength(bytes: Uint8Array, at: number, position: number, end: number): number {
  let length = 0;
  while (length < end - position) {
    for (const stop = length + 8; length < stop; length++) if (bytes[at + length] !== bytes[position + length]) return length;
  }
  return length;
}
