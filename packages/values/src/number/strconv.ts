/** Reading numbers from text as Go's `strconv` does, with its error texts. */
import { BloblangError } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { INT64_MAX, INT64_MIN, UINT64_MAX } from './numbers.ts';

const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/;
const SPECIAL = /^(?:[+-]?inf(?:inity)?|nan)$/i;

/** The nearest 64-bit float. Throws BloblangError for anything but a Go floating-point literal, and beyond the range. */
export function parseFloat64(text: string): number {
  const plain = withoutUnderscores(text);
  if (plain === undefined) throw failure('ParseFloat', text, 'invalid syntax');
  if (DECIMAL.test(plain)) return inRange(Number(plain), text);
  if (SPECIAL.test(plain)) return plain.toLowerCase() === 'nan' ? Number.NaN : plain.startsWith('-') ? -Infinity : Infinity;
  const [, sign = '', whole = '', fraction = '', power = ''] = HEXADECIMAL.exec(plain) ?? [];
  const digits = whole + fraction;
  if (digits === '') throw failure('ParseFloat', text, 'invalid syntax');
  const magnitude = Number(BigInt(`0x${digits}`)) * 2 ** (Number(power) - 4 * fraction.length);
  return inRange(sign === '-' ? -magnitude : magnitude, text);
}

function inRange(value: number, text: string): number {
  if (!Number.isFinite(value)) throw failure('ParseFloat', text, 'value out of range');
  return value;
}

/** An int64; with base 0 the text says its base (`0x`, `0o`, `0b`, a leading `0` for octal) and may hold underscores. */
export function parseInt64(text: string, base: 0 | 10): bigint {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const magnitude = parseDigits(text.slice(sign.length), base, text);
  if (magnitude === undefined) throw failure('ParseInt', text, 'invalid syntax');
  const value = sign === '-' ? -magnitude : magnitude;
  if (value > INT64_MAX || value < INT64_MIN) throw failure('ParseInt', text, 'value out of range');
  return value;
}

/** A uint64; no sign is allowed. See {@link parseInt64} for the base. */
export function parseUint64(text: string, base: 0 | 10): bigint {
  const value = /^[+-]/.test(text) ? undefined : parseDigits(text, base, text);
  if (value === undefined) throw failure('ParseUint', text, 'invalid syntax');
  if (value > UINT64_MAX) throw failure('ParseUint', text, 'value out of range');
  return value;
}

/** The words that Go takes for a truth value. */
export function parseBool(text: string): boolean | undefined {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(text) ? false : undefined;
}

function parseDigits(digits: string, base: 0 | 10, text: string): bigint | undefined {
  if (base === 10) return /^[0-9]+$/.test(digits) ? BigInt(digits) : undefined;
  const plain = withoutUnderscores(text)?.replace(/^[+-]/, '').toLowerCase();
  if (plain === undefined) return undefined;
  if (/^0(?:x[0-9a-f]+|o[0-7]+|b[01]+)$/.test(plain)) return BigInt(plain);
  if (/^0[0-7]+$/.test(plain)) return BigInt(`0o${plain.slice(1)}`);
  return /^(?:0|[1-9][0-9]*)$/.test(plain) ? BigInt(plain) : undefined;
}

/** The text without its underscores, which must stand between digits or after a base prefix; undefined if one does not. */
function withoutUnderscores(text: string): string | undefined {
  if (!text.includes('_')) return text;
  const [, prefix = '', number = ''] = /^[+-]?(0[xXoObB])?(.*)$/s.exec(text) ?? [];
  const digit = /^0[xX]/.test(prefix) ? '[0-9a-fA-F]' : '[0-9]';
  const stray = new RegExp(`(?<!${digit}${prefix === '' ? '' : '|^'})_|_(?!${digit})`);
  return stray.test(number) ? undefined : text.replaceAll('_', '');
}

const failure = (operation: string, text: string, reason: string): BloblangError =>
  new BloblangError(`strconv.${operation}: parsing ${quote(text)}: ${reason}`);
