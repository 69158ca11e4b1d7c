import type { Readable } from 'node:stream';

/**
 * Buffers for the bodies of requests and replies, which are used again: those of a busy shard are several megabytes each, five times
 * a second, and as garbage they would pile up outside the heap, where the collector hardly looks.
 */
export class BodyBuffers {
  readonly #free: Buffer[] = [];

  /**
   * All bytes of a reply whose length is known. The buffer is the caller's, until it calls {@link release} if it ever does.
   * @param isKept it is of no use to others afterwards
   * @param onChunk called with each part that comes
   * @throws {Error} the stream failed, or ended early
   */
  collect(stream: Readable, byteLength: number, isKept: boolean, onChunk: () => void = () => undefined): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const buffer = isKept ? Buffer.allocUnsafeSlow(byteLength) : this.take(byteLength);
      let at = 0;
      stream.on('data', (chunk: Buffer) => {
        at += chunk.copy(buffer, at);
        onChunk();
      });
      const onClose = () => reject(brokenOff(at, byteLength));
      stream.once('error', reject);
      stream.once('close', onClose);
      stream.once('end', () => {
        // Every stream is closed in the end, and an error is expensive to make.
        stream.off('close', onClose);
        if (at === byteLength) resolve(buffer.subarray(0, byteLength));
        else onClose();
      });
    });
  }

  /** Takes a body back. Nothing may refer to it any more. */
  release(body: Uint8Array): void {
    if (body.buffer.byteLength >= MIN_BYTES && this.#free.length < MAX_FREE) this.#free.push(Buffer.from(body.buffer as ArrayBuffer));
  }

  /** A buffer of at least that size. What it holds is arbitrary. */
  take(byteLength: number): Buffer {
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= byteLength);
    if (index >= 0) return this.#free.splice(index, 1)[0]!;
    return Buffer.allocUnsafeSlow(byteLength < MIN_BYTES ? byteLength : Math.ceil(byteLength / MIN_BYTES) * MIN_BYTES);
  }
}

/** Smaller ones are left to the garbage collector; larger ones are whole multiples, so that one fits several replies. */
const MIN_BYTES = 256 * 1024;
const MAX_FREE = 4;

const brokenOff = (at: number, byteLength: number): Error =>
  Object.assign(new Error(`reply ended after ${at} of ${byteLength} bytes`), { code: 'ECONNRESET' });
