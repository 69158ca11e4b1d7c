import type { Readable } from 'node:stream';
import { BufferPool } from '@sluice/core';

/** Buffers for the bodies of requests and replies: those of a busy shard are several megabytes each, five times a second. */
export class BodyBuffers extends BufferPool {
  constructor() {
    super({ stepBytes: 256 * 1024, maxFreeBytes: 16 * 1024 ** 2 });
  }

  /**
   * All bytes of a reply whose length is known.
   * @param onChunk called with each part that comes
   * @throws {Error} the stream failed, or ended early
   */
  collect(stream: Readable, byteLength: number, onChunk: () => void = () => undefined): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const buffer = this.take(byteLength);
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
        if (at === byteLength) resolve(buffer);
        else onClose();
      });
    });
  }
}

const brokenOff = (at: number, byteLength: number): Error =>
  Object.assign(new Error(`reply ended after ${at} of ${byteLength} bytes`), { code: 'ECONNRESET' });

/** Of all clients of this process. */
export const bodyBuffers = new BodyBuffers();
