import { unexpectedEnd } from '../binary/output.ts';

/** Reads bits, the highest of a byte first, as bzip2 packs them. */
export class BitReader {
  private readonly bytes: Uint8Array;
  private offset = 0;
  private pending = 0;
  private pendingLength = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The next bits as a number, at most 24 of them. Throws `unexpected EOF` behind the end. */
  read(count: number): number {
    while (this.pendingLength < count) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) throw unexpectedEnd();
      // Bits that were read already fall off the upper end.
      this.pending = (this.pending << 8) | byte;
      this.pendingLength += 8;
    }
    this.pendingLength -= count;
    return (this.pending >>> this.pendingLength) & ((1 << count) - 1);
  }

  bit(): boolean {
    return this.read(1) === 1;
  }

  /** Goes on with the next whole byte. */
  align(): void {
    this.pendingLength -= this.pendingLength % 8;
  }

  /** Whether no byte is left. */
  get isAtEnd(): boolean {
    return this.offset >= this.bytes.length && this.pendingLength === 0;
  }
}
