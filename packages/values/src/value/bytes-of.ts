import { encodeText } from '../text/text.ts';
import type { Value } from './kinds.ts';
import { ValueTypeError } from './type-errors.ts';

/** Text or bytes, as bytes. Throws ValueTypeError for all else, timestamps included. */
export function bytesOf(value: Value): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return encodeText(value);
  throw new ValueTypeError(value, ['string']);
}

/** The same bytes as a Buffer, without a copy. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
