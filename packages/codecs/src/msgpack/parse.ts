import {
  BloblangError,
  decodeText,
  Float32,
  Float64,
  LOCAL,
  setKey,
  Timestamp,
  Uint64,
  type Value,
  type ValueObject,
} from '@sluice/values';

const MAX_DEPTH = 2_000;

/** The first MessagePack value of some bytes; what follows it is ignored. Throws BloblangError for what is none. */
export const parseMsgpack = (bytes: Uint8Array): Value => new Reader(bytes).value(0);

class Reader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new BloblangError('msgpack: exceeded max depth');
    const code = this.view.getUint8(this.advance(1));
    if (code < 0x80) return BigInt(code);
    if (code >= 0xe0) return BigInt(code - 0x100);
    if (code < 0x90) return this.object(code & 0x0f, depth);
    if (code < 0xa0) return this.array(code & 0x0f, depth);
    if (code < 0xc0) return decodeText(this.take(code & 0x1f));
    return this.scalar(code) ?? this.container(code, depth);
  }

  /** What is no container; `undefined` for the code of one, and for null, which {@link container} gives. */
  private scalar(code: number): Value | undefined {
    const { view } = this;
    switch (code) {
      case 0xc2:
      case 0xc3:
        return code === 0xc3;
      case 0xca:
        return new Float32(view.getFloat32(this.advance(4)));
      case 0xcb:
        return new Float64(view.getFloat64(this.advance(8)));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return BigInt(this.length(code - 0xcc));
      case 0xcf:
        return new Uint64(view.getBigUint64(this.advance(8)));
      case 0xd0:
        return BigInt(view.getInt8(this.advance(1)));
      case 0xd1:
        return BigInt(view.getInt16(this.advance(2)));
      case 0xd2:
        return BigInt(view.getInt32(this.advance(4)));
      case 0xd3:
        return view.getBigInt64(this.advance(8));
      default:
        return undefined;
    }
  }

  private container(code: number, depth: number): Value {
    switch (code) {
      case 0xc0:
        return null;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.take(this.length(code - 0xc4)).slice();
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.length(code - 0xc7));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(1 << (code - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return decodeText(this.take(this.length(code - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.array(this.length(code - 0xdb), depth);
      case 0xde:
      case 0xdf:
        return this.object(this.length(code - 0xdd), depth);
      default:
        throw new BloblangError(`msgpack: unknown code ${code.toString(16)} decoding interface{}`);
    }
  }

  /** An unsigned number of one, two or four bytes. */
  private length(sizeExponent: number): number {
    if (sizeExponent === 0) return this.view.getUint8(this.advance(1));
    return sizeExponent === 1 ? this.view.getUint16(this.advance(2)) : this.view.getUint32(this.advance(4));
  }

  private array(length: number, depth: number): Value[] {
    const values: Value[] = [];
    while (values.length < length) values.push(this.value(depth + 1));
    return values;
  }

  private object(length: number, depth: number): ValueObject {
    const object: ValueObject = {};
    for (let index = 0; index < length; index++) {
      const key = this.key();
      setKey(object, key, this.value(depth + 1));
    }
    return object;
  }

  /** Text or bytes; null counts as empty. */
  private key(): string {
    const code = this.view.getUint8(this.advance(1));
    if (code === 0xc0) return '';
    if (code >= 0xa0 && code < 0xc0) return decodeText(this.take(code & 0x1f));
    if (code >= 0xd9 && code <= 0xdb) return decodeText(this.take(this.length(code - 0xd9)));
    if (code >= 0xc4 && code <= 0xc6) return decodeText(this.take(this.length(code - 0xc4)));
    throw new BloblangError(`msgpack: invalid code=${code.toString(16)} decoding string/bytes length`);
  }

  /** A time is the only extension there is. */
  private extension(length: number): Timestamp {
    const type = this.view.getInt8(this.advance(1));
    if (type !== -1) throw new BloblangError(`msgpack: unknown ext id=${type}`);
    const at = this.advance(length);
    const time = (seconds: bigint, fraction: bigint): Timestamp => new Timestamp(seconds * 1_000_000_000n + fraction, LOCAL);
    if (length === 4) return time(BigInt(this.view.getUint32(at)), 0n);
    if (length === 12) return time(this.view.getBigInt64(at + 4), BigInt(this.view.getUint32(at)));
    if (length !== 8) throw new BloblangError(`msgpack: invalid ext len=${length} decoding time`);
    const both = this.view.getBigUint64(at);
    return time(both & 0x3ffffffffn, both >> 34n);
  }

  private take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private advance(length: number): number {
    const start = this.offset;
    const left = this.bytes.length - start;
    if (length > left) throw new BloblangError(left === 0 ? 'EOF' : 'unexpected EOF');
    this.offset += length;
    return start;
  }
}
