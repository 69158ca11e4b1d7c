import { SourceMalformedError } from './errors.ts';
import type { Bytes } from './scanner.ts';

const NOTHING = new Uint8Array(0);

/** Takes bytes from a source as they are asked for, and holds no more than one chunk beyond that. */
export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(bytes: Bytes) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  async isAtEnd(): Promise<boolean> {
    return !(await this.#fill(1));
  }

  /** @throws {SourceMalformedError} the source ends before */
  async take(count: number): Promise<Buffer> {
    if (!(await this.#fill(count)))
      throw new SourceMalformedError(`expected ${count} bytes more, found ${this.#length}: the source breaks off`);
    if (this.#chunks.length > 1 && this.#chunks[0]!.length < count) this.#chunks = [Buffer.concat(this.#chunks)];
    const [first = NOTHING] = this.#chunks;
    const rest = first.subarray(count);
    this.#chunks.splice(0, 1, ...(rest.length > 0 ? [rest] : []));
    this.#length -= count;
    return Buffer.from(first.buffer, first.byteOffset, count);
  }

  async #fill(count: number): Promise<boolean> {
    while (this.#length < count) {
      const { value, done } = await this.#source.next();
      if (done) return false;
      this.#chunks.push(value);
      this.#length += value.length;
    }
    return true;
  }
}
