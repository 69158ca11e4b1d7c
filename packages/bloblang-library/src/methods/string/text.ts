import { decodeText, encodeText, type Value, ValueTypeError } from '@sluice/values';

/** Text or bytes, as text. Throws ValueTypeError for all else, timestamps included. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decodeText(value);
  throw new ValueTypeError(value, ['string']);
}

/** Changes a text; bytes come back as bytes. */
export function mapText(value: Value, change: (text: string) => string): Value {
  if (typeof value === 'string') return change(value);
  return encodeText(change(textOf(value)));
}
