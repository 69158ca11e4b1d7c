/** Bytes within a larger buffer, such as a request's body: nothing is copied, and no view is made for each record. */
export class ByteString {
  readonly source: Buffer;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;

  constructor(source: Buffer, start = 0, end = source.length) {
    this.source = source;
    this.start = start;
    this.end = end;
  }

  get length(): number {
    return this.end - this.start;
  }
}
