import type { Readable } from 'node:stream';
import { connectionError } from '../transport/transport.ts';

/**
 * Takes bytes from a stream as they are asked for. What nobody asks for stays with the sender, but for what the stream's window lets through:
 * the stream is never made to flow.
 */
export class ByteSource {
  readonly #stream: Readable;
  #isEnded = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    const wake = () => this.#wake();
    stream.on('readable', wake);
    stream.once('end', () => {
      this.#isEnded = true;
      wake();
    });
    stream.once('error', (error) => {
      this.#failure ??= error;
      wake();
    });
    stream.once('close', () => {
      if (!this.#isEnded) this.#failure ??= connectionError('the connection of a subscription broke off');
      wake();
    });
  }

  /** Bytes that are here already. */
  get available(): number {
    return this.#stream.readableLength;
  }

  /**
   * So many bytes, once they are there; `undefined` where the stream has ended before the first of them.
   * @param onBytes called whenever some have come
   * @throws {Error} the stream failed, or ended between them
   */
  async take(count: number, onBytes: () => void): Promise<Buffer | undefined> {
    for (;;) {
      // At its end a stream hands out what is left, though it is less.
      const bytes: Buffer | null = this.#stream.read(count);
      if (bytes?.length === count) return bytes;
      if (bytes !== null) throw connectionError(`a subscription ended after ${bytes.length} of ${count} bytes`);
      if (this.#failure) throw this.#failure;
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      onBytes();
    }
  }
}
