import { BufferPool } from '@sluice/core';

/** Texts from here on are read into memory of their own. */
export const LARGE_TEXT_BYTES = 16 * 1024;

/**
 * Memory for the large texts of replies, each of which has a buffer to itself. Who gets such a text may give its memory back, to be used
 * for another; otherwise it is left to the garbage collector.
 */
export class ReplyBuffers {
  readonly #pool = new BufferPool({ stepBytes: LARGE_TEXT_BYTES, maxFreeBytes: 16 * 1024 ** 2 });
  readonly #lent = new WeakSet<ArrayBufferLike>();

  take(byteLength: number): Buffer {
    const buffer = this.#pool.take(byteLength);
    this.#lent.add(buffer.buffer);
    return buffer;
  }

  /** Nothing may refer to the text, or to a part of it, any more. Means nothing to one whose memory is not from here, or was given back. */
  release(text: Uint8Array): void {
    if (this.#lent.delete(text.buffer)) this.#pool.release(text);
  }
}

/** Of all connections of this process. */
export const replyBuffers = new ReplyBuffers();
