import {
  BloblangError,
  documentNumber,
  encodeText,
  Float32,
  Float64,
  isNull,
  JsonNumber,
  NIL_ARRAY,
  SizedInteger,
  Timestamp,
  Uint64,
  type Value,
  type ValueObject,
} from '@sluice/values';
import { Output } from '../binary/output.ts';

const MAX_DEPTH = 2_000;

/**
 * A value as MessagePack, keys in the order of the document. Computed integers and floats take eight bytes, integers of a document as
 * few as they need.
 */
export function formatMsgpack(value: Value): Uint8Array {
  const output = new Output(256);
  write(output, value, 0);
  return output.since(0).slice();
}

function write(output: Output, value: Value, depth: number): void {
  if (depth > MAX_DEPTH) throw new BloblangError('msgpack: exceeded max depth');
  if (typeof value === 'string') writeText(output, value);
  else if (typeof value === 'number' || value instanceof JsonNumber) writeDocumentNumber(output, documentNumber(value));
  else if (typeof value === 'boolean') output.push(value ? 0xc3 : 0xc2);
  else if (typeof value === 'bigint') output.append(scalar(0xd3, 8, (view) => view.setBigInt64(1, value)));
  else if (value instanceof SizedInteger) output.append(sized(value));
  else if (isNull(value) || value === NIL_ARRAY) output.push(0xc0);
  else if (Array.isArray(value)) writeArray(output, value, depth);
  else if (value instanceof Uint8Array) writeBytes(output, value);
  else if (value instanceof Uint64) output.append(scalar(0xcf, 8, (view) => view.setBigUint64(1, value.value)));
  else if (value instanceof Float32) output.append(scalar(0xca, 4, (view) => view.setFloat32(1, value.value)));
  else if (value instanceof Float64) output.append(scalar(0xcb, 8, (view) => view.setFloat64(1, value.value)));
  else if (value instanceof Timestamp) writeTime(output, value);
  else writeObject(output, value as ValueObject, depth);
}

/** A code with a fixed number of bytes behind it. */
function scalar(code: number, size: number, fill: (view: DataView) => void): Uint8Array {
  const bytes = Buffer.alloc(size + 1);
  bytes[0] = code;
  fill(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return bytes;
}

const SIZES = { uint8: [0xcc, 1], uint16: [0xcd, 2], uint32: [0xce, 4], int8: [0xd0, 1], int16: [0xd1, 2], int32: [0xd2, 4] } as const;

function sized({ value, size }: SizedInteger): Uint8Array {
  const [code, width] = SIZES[size];
  const whole = Buffer.alloc(8);
  whole.writeBigInt64BE(value);
  return Buffer.concat([Uint8Array.of(code), whole.subarray(8 - width)]);
}

function writeDocumentNumber(output: Output, number: ReturnType<typeof documentNumber>): void {
  if (typeof number !== 'bigint') write(output, number, 0);
  else if (number >= 0n) writeUnsigned(output, number);
  else writeNegative(output, number);
}

function writeUnsigned(output: Output, value: bigint): void {
  if (value < 0x80n) output.push(Number(value));
  else if (value < 0x100n) output.append(scalar(0xcc, 1, (view) => view.setUint8(1, Number(value))));
  else if (value < 0x10000n) output.append(scalar(0xcd, 2, (view) => view.setUint16(1, Number(value))));
  else if (value < 0x100000000n) output.append(scalar(0xce, 4, (view) => view.setUint32(1, Number(value))));
  else output.append(scalar(0xcf, 8, (view) => view.setBigUint64(1, value)));
}

function writeNegative(output: Output, value: bigint): void {
  if (value >= -0x20n) output.push(Number(value) + 0x100);
  else if (value >= -0x80n) output.append(scalar(0xd0, 1, (view) => view.setInt8(1, Number(value))));
  else if (value >= -0x8000n) output.append(scalar(0xd1, 2, (view) => view.setInt16(1, Number(value))));
  else if (value >= -0x80000000n) output.append(scalar(0xd2, 4, (view) => view.setInt32(1, Number(value))));
  else output.append(scalar(0xd3, 8, (view) => view.setBigInt64(1, value)));
}

/** The smallest of the codes for a length: one that holds it itself, then with one, two and four bytes. */
function writeLength(output: Output, length: number, small: { code: number; limit: number }, codes: readonly (number | undefined)[]): void {
  if (length < small.limit) output.push(small.code | length);
  else if (codes[0] !== undefined && length < 0x100) output.append(scalar(codes[0], 1, (view) => view.setUint8(1, length)));
  else if (length < 0x10000) output.append(scalar(codes[1]!, 2, (view) => view.setUint16(1, length)));
  else output.append(scalar(codes[2]!, 4, (view) => view.setUint32(1, length)));
}

function writeText(output: Output, text: string): void {
  const bytes = encodeText(text);
  writeLength(output, bytes.length, { code: 0xa0, limit: 32 }, [0xd9, 0xda, 0xdb]);
  output.append(bytes);
}

function writeBytes(output: Output, bytes: Uint8Array): void {
  writeLength(output, bytes.length, { code: 0, limit: 0 }, [0xc4, 0xc5, 0xc6]);
  output.append(bytes);
}

function writeArray(output: Output, values: readonly Value[], depth: number): void {
  writeLength(output, values.length, { code: 0x90, limit: 16 }, [undefined, 0xdc, 0xdd]);
  for (const value of values) write(output, value, depth + 1);
}

function writeObject(output: Output, object: ValueObject, depth: number): void {
  const keys = Object.keys(object);
  writeLength(output, keys.length, { code: 0x80, limit: 16 }, [undefined, 0xde, 0xdf]);
  for (const key of keys) {
    writeText(output, key);
    write(output, object[key]!, depth + 1);
  }
}

/** The extension type -1, in the smallest of its three forms. */
function writeTime(output: Output, { nanoseconds }: Timestamp): void {
  const second = 1_000_000_000n;
  const fraction = ((nanoseconds % second) + second) % second;
  const seconds = (nanoseconds - fraction) / second;
  if (seconds >> 34n !== 0n) {
    output.append(
      scalar(0xc7, 14, (view) => {
        view.setUint8(1, 12);
        view.setInt8(2, -1);
        view.setUint32(3, Number(fraction));
        view.setBigInt64(7, seconds);
      }),
    );
  } else if (fraction === 0n && seconds <= 0xffffffffn) {
    output.append(
      scalar(0xd6, 5, (view) => {
        view.setInt8(1, -1);
        view.setUint32(2, Number(seconds));
      }),
    );
  } else {
    output.append(
      scalar(0xd7, 9, (view) => {
        view.setInt8(1, -1);
        view.setBigUint64(2, (fraction << 34n) | seconds);
      }),
    );
  }
}
