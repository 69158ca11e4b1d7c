/**
 * Cuts what is read from Redis into chunks in which each large text stands by itself, in memory of its own. What reads the replies then has
 * it in one piece: no list of parts is kept, and nothing is joined.
 *
 * A reply is a row of tokens: lines, and texts that say their length in the line before them. How they are nested does not matter here.
 */
import { LARGE_TEXT_BYTES, type ReplyBuffers } from './reply-buffers.ts';

const END_BYTES = 2;

const LINE_FEED = 0x0a;
const MINUS = 0x2d;
const ZERO = 0x30;
/** `$`, `=` and `!`: text, verbatim text, long error. */
const WITH_LENGTH = new Set([0x24, 0x3d, 0x21]);

export class ReplyChunks {
  readonly #emit: (chunk: Buffer) => void;
  readonly #buffers: ReplyBuffers;
  #isLine = false;
  /** Of the text after the current line; `undefined` where none follows. */
  #length: number | undefined;
  /** Bytes left of a text that is not large. */
  #passing = 0;
  #large: Buffer | undefined;
  #filled = 0;

  /**
   * @param emit hears each chunk, which is its to keep; together they are all that was read
   * @param buffers where large texts lie
   */
  constructor(emit: (chunk: Buffer) => void, buffers: ReplyBuffers) {
    this.#emit = emit;
    this.#buffers = buffers;
  }

  /** Takes in what was read. The bytes may be overwritten after the call. */
  read(bytes: Buffer): void {
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#large) {
        at += this.#fill(this.#large, bytes.subarray(at));
        from = at;
      } else if (this.#passing > 0) {
        const passed = Math.min(this.#passing, bytes.length - at);
        this.#passing -= passed;
        at += passed;
      } else {
        at = this.#readLine(bytes, at);
        if (!this.#isLine && this.#expectText()) {
          this.#emit(Buffer.from(bytes.subarray(from, at)));
          from = at;
        }
      }
    }
    if (from < at) this.#emit(Buffer.from(bytes.subarray(from, at)));
  }

  /** As much of a line as there is. Answers where it ends. */
  #readLine(bytes: Buffer, start: number): number {
    let at = start;
    if (!this.#isLine) {
      this.#isLine = true;
      this.#length = WITH_LENGTH.has(bytes[at++]!) ? 0 : undefined;
    }
    const end = bytes.indexOf(LINE_FEED, at);
    const stop = end < 0 ? bytes.length : end;
    for (; at < stop && this.#length !== undefined; at++) {
      const byte = bytes[at]!;
      if (byte === MINUS) this.#length = undefined;
      else if (byte >= ZERO) this.#length = this.#length * 10 + byte - ZERO;
    }
    if (end < 0) return bytes.length;
    this.#isLine = false;
    return end + 1;
  }

  /** Prepares for the text that the line announced. Answers whether it is large. */
  #expectText(): boolean {
    if (this.#length === undefined) return false;
    const size = this.#length + END_BYTES;
    this.#length = undefined;
    if (size < LARGE_TEXT_BYTES) {
      this.#passing = size;
      return false;
    }
    this.#large = this.#buffers.take(size);
    this.#filled = 0;
    return true;
  }

  #fill(large: Buffer, bytes: Buffer): number {
    const copied = bytes.copy(large, this.#filled);
    this.#filled += copied;
    if (this.#filled === large.byteLength) {
      this.#large = undefined;
      this.#emit(large);
    }
    return copied;
  }
}
