const MAX_LENGTH = 15;

/** A canonical code (RFC 1951, 3.2.2), read bit by bit. */
export class DeflateCode {
  /** How many symbols have a code of each length. */
  readonly counts = new Uint16Array(MAX_LENGTH + 1);
  /** By their codes. */
  readonly symbols: readonly number[];
  /** At least so many bits are taken at once: no code is shorter. */
  atLeast: number;

  /** Nothing where the lengths are of no code: neither complete, nor empty, nor one symbol of one bit. */
  static of(lengths: Uint8Array): DeflateCode | undefined {
    const code = new DeflateCode(lengths);
    const longest = code.counts.findLastIndex((count) => count > 0);
    if (longest < 0) return code;
    let next = 0;
    for (let length = 1; length <= longest; length++) next = next * 2 + code.counts[length]!;
    return next === 2 ** longest || (next === 1 && longest === 1) ? code : undefined;
  }

  private constructor(lengths: Uint8Array) {
    for (const length of lengths) if (length > 0) this.counts[length]!++;
    this.symbols = Array.from(lengths.keys())
      .filter((symbol) => lengths[symbol]! > 0)
      .sort((a, b) => lengths[a]! - lengths[b]! || a - b);
    this.atLeast = Math.max(
      1,
      this.counts.findIndex((count) => count > 0),
    );
  }
}

/** Reads the bits of a deflate stream, the lowest first, and takes bytes as late as it can. Throws RangeError behind the end. */
export class DeflateBits {
  readonly #bytes: Uint8Array;
  #pending = 0;
  #pendingLength = 0;
  /** Bytes that were taken. */
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** At most 16 bits. */
  read(count: number): number {
    while (this.#pendingLength < count) this.#takeByte();
    const value = this.#pending & ((1 << count) - 1);
    this.#drop(count);
    return value;
  }

  /** Whole bytes, from the next one on. */
  take(count: number): Uint8Array {
    this.#pending = 0;
    this.#pendingLength = 0;
    const bytes = this.#bytes.subarray(this.offset, this.offset + count);
    if (bytes.length < count) throw new RangeError('the stream breaks off');
    this.offset += count;
    return bytes;
  }

  /** `undefined`: no symbol has such a code. */
  symbol(code: DeflateCode): number | undefined {
    while (this.#pendingLength < code.atLeast) this.#takeByte();
    for (;;) {
      // Bits that are not there yet count as zeros.
      const found = this.#lookUp(code);
      if (!found || found.length <= this.#pendingLength) {
        if (found) this.#drop(found.length);
        return found?.symbol;
      }
      this.#takeByte();
    }
  }

  #lookUp({ counts, symbols }: DeflateCode): { symbol: number; length: number } | undefined {
    let [value, first, index] = [0, 0, 0];
    for (let length = 1; length <= MAX_LENGTH; length++) {
      value = value * 2 + ((this.#pending >> (length - 1)) & 1);
      first *= 2;
      const count = counts[length]!;
      if (value - first < count) return { symbol: symbols[index + value - first]!, length };
      first += count;
      index += count;
    }
    return undefined;
  }

  #drop(count: number): void {
    this.#pending >>>= count;
    this.#pendingLength -= count;
  }

  #takeByte(): void {
    const byte = this.#bytes[this.offset];
    if (byte === undefined) throw new RangeError('the stream breaks off');
    this.offset++;
    this.#pending |= byte << this.#pendingLength;
    this.#pendingLength += 8;
  }
}
