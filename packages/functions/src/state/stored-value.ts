import type { TypedValue } from '@sluice/function-protocol';

/** The fields of an address's hash: see `packages/redis/src/keys.ts`. */
export const VALUE_FIELD = '=';
export const EXPIRY_FIELD = '~';
export const EDITS_FIELD = 'edits';

const LENGTH_BYTES = 2;

/** A value as it is stored: the length of its typename (u16, little-endian), the typename, its bytes. */
export function encodeStoredValue({ typename, value }: TypedValue): Buffer {
  const name = Buffer.from(typename);
  if (name.byteLength > 0xffff) throw new RangeError(`expected a typename of at most 65535 bytes, got ${name.byteLength}`);
  const stored = Buffer.allocUnsafe(LENGTH_BYTES + name.byteLength + value.byteLength);
  stored.writeUInt16LE(name.byteLength, 0);
  stored.set(name, LENGTH_BYTES);
  stored.set(value, LENGTH_BYTES + name.byteLength);
  return stored;
}

/** @throws {RangeError} the bytes are not what {@link encodeStoredValue} makes */
export function decodeStoredValue(stored: Buffer): TypedValue {
  const end = LENGTH_BYTES + stored.readUInt16LE(0);
  if (end > stored.byteLength) throw new RangeError(`expected a typename of ${end - LENGTH_BYTES} bytes, got ${stored.byteLength} in all`);
  return { typename: stored.toString('utf8', LENGTH_BYTES, end), value: stored.subarray(end) };
}
