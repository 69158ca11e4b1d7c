/**
 * Reads the few kinds of protobuf fields that a KPL container has, without an allocation a field: the library's reader makes an array
 * of each tag and a view of each record, which is most of the time that a container of 170,000 records takes.
 */
export class WireReader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isDone(): boolean {
    return this.at >= this.bytes.length;
  }

  /** An unsigned number; beyond 2^53 not an exact one. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++]!;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      if (scale > MAX_SCALE) throw new Error('invalid varint');
      byte = bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
    }
    this.#assertWithin(this.at);
    return value;
  }

  /** Field number and wire type in one number; see {@link fieldOf} and {@link wireTypeOf}. */
  tag(): number {
    const tag = this.varint();
    if (!(tag >= 8 && tag <= 0xffff_ffff)) throw new Error(this.at > this.bytes.length ? 'premature EOF' : `illegal tag ${tag}`);
    return tag;
  }

  /** Where a length-delimited field ends that begins here; its contents are up to there. */
  end(tag: number): number {
    if (wireTypeOf(tag) !== LENGTH_DELIMITED) throw new Error(`illegal wire type ${wireTypeOf(tag)} of field ${fieldOf(tag)}`);
    const byteLength = this.varint();
    this.#assertWithin(this.at + byteLength);
    return this.at + byteLength;
  }

  skip(tag: number): void {
    switch (wireTypeOf(tag)) {
      case VARINT:
        this.varint();
        break;
      case LENGTH_DELIMITED:
        this.at = this.end(tag);
        break;
      case FIXED_64:
        this.at += 8;
        break;
      case FIXED_32:
        this.at += 4;
        break;
      default:
        throw new Error(`illegal wire type ${wireTypeOf(tag)} of field ${fieldOf(tag)}`);
    }
    this.#assertWithin(this.at);
  }

  #assertWithin(position: number): void {
    if (!(position <= this.bytes.length)) throw new RangeError('premature EOF');
  }
}

export const fieldOf = (tag: number): number => tag >>> 3;

const wireTypeOf = (tag: number): number => tag & 7;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
/** Of the tenth byte, the last that a varint may have. */
const MAX_SCALE = 2 ** 63;
