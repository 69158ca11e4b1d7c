/** Collects bits, the lowest first, as deflate packs them. */
export class BitWriter {
  private readonly bytes: number[] = [];
  private pending = 0;
  private pendingLength = 0;

  /** Appends the low `length` bits, at most 16 at once. */
  write(bits: number, length: number): void {
    this.pending |= bits << this.pendingLength;
    this.pendingLength += length;
    while (this.pendingLength >= 8) {
      this.bytes.push(this.pending & 0xff);
      this.pending >>>= 8;
      this.pendingLength -= 8;
    }
  }

  /** Fills up the last byte with zeros. */
  align(): void {
    if (this.pendingLength > 0) this.write(0, 8 - this.pendingLength);
  }

  /** What was written, whole bytes only. */
  finish(): Uint8Array {
    this.align();
    return Uint8Array.from(this.bytes);
  }
}
