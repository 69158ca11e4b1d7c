import { encodeJsonForHtml, UnsupportedValueError } from '../json/json-encode.ts';
import { formatG } from '../number/numbers.ts';
import { decodeText, encodeText } from '../text/text.ts';
import { Timestamp } from '../time/timestamp.ts';
import { Float32, Float64, JsonNumber, SizedInteger, Uint64, type Value } from '../value/kinds.ts';

/** The text of a value as `.string()`, interpolation and metadata show it: floats with `%g`, objects as JSON, no value as `null`. Throws BloblangError for a text longer than a mapping may make. */
export function toText(value: Value): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'object':
      if (value instanceof Uint8Array) return decodeText(value);
      if (value instanceof Timestamp) return value.toString();
      if (value instanceof JsonNumber) return value.text;
      if (value instanceof Float64 && !(value instanceof Float32)) return formatG(value.value);
      if (value instanceof Uint64 || value instanceof SizedInteger) return value.value.toString();
      return structuredText(value);
    default:
      return String(value);
  }
}

/** As {@link toText}, as bytes; bytes stay as they are. */
export const toBytes = (value: Value): Uint8Array => (value instanceof Uint8Array ? value : encodeText(toText(value)));

/** What JSON has no words for is `null` as a whole, as the original's container library has it. */
function structuredText(value: Value): string {
  try {
    return encodeJsonForHtml(value);
  } catch (error) {
    if (error instanceof UnsupportedValueError) return 'null';
    throw error;
  }
}
