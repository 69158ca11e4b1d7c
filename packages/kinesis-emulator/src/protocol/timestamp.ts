/** A time in a request or reply: seconds with a fraction in JSON, whole milliseconds with a tag in CBOR. */
export class Timestamp {
  /** Milliseconds since 1970. */
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  toJSON(): number {
    return this.ms / 1000;
  }
}
