import { BloblangError, checkLength, MAX_TEXT_LENGTH } from '@sluice/values';

/** The input ends too early. */
export const unexpectedEnd = (): BloblangError => new BloblangError('unexpected EOF');

/** What a decompressor writes: it grows as needed, and fails instead of growing beyond what a mapping may make. */
export class Output {
  private bytes: Uint8Array;
  length = 0;

  constructor(expectedLength: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(64, Math.min(expectedLength, MAX_TEXT_LENGTH)));
  }

  push(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  repeat(byte: number, count: number): void {
    this.reserve(count);
    this.bytes.fill(byte, this.length, this.length + count);
    this.length += count;
  }

  /** Repeats what was written `offset` bytes ago; the copy may run into itself. The caller checks the offset. */
  copy(offset: number, count: number): void {
    this.reserve(count);
    const { bytes } = this;
    let to = this.length;
    if (offset >= count) bytes.copyWithin(to, to - offset, to - offset + count);
    else for (let from = to - offset, end = to + count; to < end; ) bytes[to++] = bytes[from++]!;
    this.length += count;
  }

  /** What was written from `start` on. */
  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.length);
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    checkLength(needed);
    const larger = Buffer.allocUnsafe(Math.min(MAX_TEXT_LENGTH, Math.max(needed, this.bytes.length * 2)));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Reads numbers from bytes; throws `unexpected EOF` behind the end. */
export class Input {
  private readonly view: DataView;
  readonly bytes: Uint8Array;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.offset >= this.bytes.length;
  }

  byte(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  uint32BigEndian(): number {
    return this.view.getUint32(this.advance(4));
  }

  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private advance(length: number): number {
    const start = this.offset;
    if (start + length > this.bytes.length) throw unexpectedEnd();
    this.offset += length;
    return start;
  }
}
