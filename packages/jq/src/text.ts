/** Values as jq writes them: keys sorted, nothing escaped that need not be. */
import { compareText, isArray, isObject, JsonNumber, type Value } from '@sluice/values';

export type TypeName = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export function typeOf(value: Value): TypeName {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (isArray(value)) return 'array';
  return isObject(value) ? 'object' : 'number';
}

export function toJson(value: Value): string {
  switch (typeOf(value)) {
    case 'string':
      return quoted(value as string);
    case 'array':
      return `[${(value as Value[]).map(toJson).join(',')}]`;
    case 'object': {
      const object = value as { [key: string]: Value };
      const fields = Object.keys(object)
        .sort(compareText)
        .map((key) => `${quoted(key)}:${toJson(object[key]!)}`);
      return `{${fields.join(',')}}`;
    }
    case 'number':
      return numberText(value);
    default:
      return String(value);
  }
}

const quoted = (text: string): string =>
  JSON.stringify(text.toWellFormed())
    .replaceAll('\u007f', '\\u007f')
    .replaceAll('\ufffd', text.isWellFormed() ? '\ufffd' : '\\ufffd');

function numberText(value: Value): string {
  if (value instanceof JsonNumber) return value.text;
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return 'null';
  if (Object.is(value, -0)) return '-0';
  return String(Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE)));
}

const PREVIEW_BYTES = 30;
/** What the original looks at for a preview. */
const LOOKED_AT = 32;

/** The beginning of a value, for error texts. */
export function preview(value: Value): string {
  const bytes = Buffer.from(toJson(value)).subarray(0, LOOKED_AT);
  if (bytes.length <= PREVIEW_BYTES) return bytes.toString();
  const trailing = { string: ' ..."', array: ' ...]', object: ' ...}', number: ' ...', boolean: ' ...', null: ' ...' }[typeOf(value)];
  let end = PREVIEW_BYTES - trailing.length;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end).toString() + trailing;
}

export const typePreview = (value: Value): string => (value === null ? 'null' : `${typeOf(value)} (${preview(value)})`);
