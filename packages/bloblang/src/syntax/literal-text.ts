import { BloblangError, encodeText, Float64, type Value } from '@sluice/values';

const MAX_INTEGER = 2n ** 63n - 1n;

/** A number as it stands in a mapping: an int64, or with a point a float64. Throws BloblangError if it does not fit. */
export function parseLiteralNumber(text: string): Value {
  const isNegative = text.startsWith('-');
  const digits = isNegative ? text.slice(1) : text;
  if (digits.includes('.')) {
    const float = Number(digits);
    if (!Number.isFinite(float)) throw outOfRange(digits, 'float', 'ParseFloat');
    return new Float64(isNegative ? -float : float);
  }
  const integer = BigInt(digits);
  if (integer > MAX_INTEGER) throw outOfRange(digits, 'integer', 'ParseInt');
  return isNegative ? -integer : integer;
}

const outOfRange = (text: string, type: string, parser: string): BloblangError =>
  new BloblangError(`failed to parse '${text}' as ${type}: strconv.${parser}: parsing "${text}": value out of range`);

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

/** What follows the backslash: a byte in octal or hexadecimal, or a code point. */
const NUMERIC_ESCAPE = /(?:([0-7]{3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;

/**
 * The text between the quotes of a string literal, escapes resolved as Go resolves them, or `null` if it is not a valid one.
 * Bytes come back when the literal spells bytes, since only together they may or may not be UTF-8.
 */
export function unquote(text: string): string | Uint8Array | null {
  if (text.includes('\n')) return null;
  if (!text.includes('\\')) return text;
  const parts: Array<string | number> = [];
  for (let at = 0; at < text.length; ) {
    const backslash = text.indexOf('\\', at);
    if (backslash === -1) {
      parts.push(text.slice(at));
      break;
    }
    parts.push(text.slice(at, backslash));
    const resolved = readEscape(text, backslash + 1);
    if (resolved === null) return null;
    parts.push(resolved.value);
    at = resolved.end;
  }
  return parts.some((part) => typeof part === 'number') ? joinBytes(parts) : parts.join('');
}

/** A string, or the number of a single byte. */
function readEscape(text: string, start: number): { value: string | number; end: number } | null {
  const letter = text[start] ?? '';
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
  if (simple !== undefined) return { value: simple, end: start + 1 };
  NUMERIC_ESCAPE.lastIndex = start;
  const found = NUMERIC_ESCAPE.exec(text);
  if (found === null) return null;
  const [whole, octal, hex, short, long] = found;
  const end = start + whole.length;
  if (octal !== undefined || hex !== undefined) {
    const byte = octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex!, 16);
    if (byte > 0xff) return null;
    return { value: byte < 0x80 ? String.fromCharCode(byte) : byte, end };
  }
  const codePoint = Number.parseInt((short ?? long)!, 16);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return isSurrogate || codePoint > 0x10ffff ? null : { value: String.fromCodePoint(codePoint), end };
}

function joinBytes(parts: ReadonlyArray<string | number>): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : encodeText(part))));
}
