export interface BufferPoolOptions {
  /** Buffers are whole multiples of it, so that one fits several uses. Less than that is left to the garbage collector. */
  readonly stepBytes: number;
  /** Of buffers that nobody uses. */
  readonly maxFreeBytes: number;
}

/**
 * Large buffers that are used again. As garbage they would pile up outside the heap, and V8 answers every few dozen MiB of that with a
 * collection of all that lives in it.
 */
export class BufferPool {
  readonly #stepBytes: number;
  readonly #maxFreeBytes: number;
  readonly #free: ArrayBuffer[] = [];
  #freeBytes = 0;

  constructor({ stepBytes, maxFreeBytes }: BufferPoolOptions) {
    this.#stepBytes = stepBytes;
    this.#maxFreeBytes = maxFreeBytes;
  }

  /** A buffer of that length. What it holds is arbitrary. It is the caller's, until it calls {@link release} if it ever does. */
  take(byteLength: number): Buffer {
    if (byteLength < this.#stepBytes) return Buffer.allocUnsafeSlow(byteLength);
    // One that is much too large is for others.
    const index = this.#free.findIndex((free) => free.byteLength >= byteLength && free.byteLength <= 2 * byteLength);
    if (index < 0) return Buffer.allocUnsafeSlow(Math.ceil(byteLength / this.#stepBytes) * this.#stepBytes).subarray(0, byteLength);
    const [free] = this.#free.splice(index, 1) as [ArrayBuffer];
    this.#freeBytes -= free.byteLength;
    return Buffer.from(free, 0, byteLength);
  }

  /** Takes a buffer back, once. Nothing may refer to it, or to a part of it, any more. */
  release({ buffer }: Uint8Array): void {
    if (buffer.byteLength < this.#stepBytes || this.#freeBytes + buffer.byteLength > this.#maxFreeBytes) return;
    this.#free.push(buffer as ArrayBuffer);
    this.#freeBytes += buffer.byteLength;
  }
}
