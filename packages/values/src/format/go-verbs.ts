/** How one value is printed by one verb of Go's `fmt`. */

import { sortedKeys } from '../json/json-encode.ts';
import { quote, quoteToAscii } from '../text/quote.ts';
import { decodeText, encodeText } from '../text/text.ts';
import { Timestamp } from '../time/timestamp.ts';
import { goSyntaxText, toGoText } from '../value/go-text.ts';
import { goTypeName } from '../value/go-type.ts';
import { Float32, Float64, isArray, isObject, JsonNumber, SizedInteger, Uint64, type Value } from '../value/kinds.ts';
import { formatFloat } from './go-float.ts';

export interface Flags {
  readonly isLeft: boolean;
  readonly hasPlus: boolean;
  readonly isSharp: boolean;
  readonly hasSpace: boolean;
  readonly isZero: boolean;
  readonly width: number;
  readonly precision: number | undefined;
}

/** A value by a verb, padded. A verb that does not suit the value leaves `%!verb(type=value)`. */
export function formatFlagged(value: Value, verb: string, directiveFlags: Flags): string {
  // With `v` a plus asks for more detail, not for the sign of a number.
  const flags = verb === 'v' && directiveFlags.hasPlus ? { ...directiveFlags, hasPlus: false } : directiveFlags;
  if (verb === 'T') return pad(goTypeName(value), flags);
  if (value === null) return verb === 'v' ? pad('<nil>', flags) : `%!${verb}(<nil>)`;
  if (typeof value === 'boolean') return verb === 't' || verb === 'v' ? pad(String(value), flags) : wrongVerb(value, verb, flags);
  if (typeof value === 'number' || value instanceof JsonNumber) return formatText(toGoText(value), value, verb, flags);
  if (typeof value === 'bigint') return formatInteger(value, value, verb, flags, true);
  if (value instanceof Uint64) return formatInteger(value.value, value, verb, flags, false);
  if (value instanceof SizedInteger) return formatInteger(value.value, value, verb, flags, !value.size.startsWith('u'));
  if (value instanceof Float64) return formatFloatValue(value, verb, flags);
  if (typeof value === 'string') return formatText(value, value, verb, flags);
  if (value instanceof Uint8Array) return formatBytes(value, verb, flags);
  if (value instanceof Timestamp) return formatText(toGoText(value), value, verb, flags);
  return formatStructured(value, verb, flags);
}

/** The value is then printed by `v`, with the same width and precision. */
const wrongVerb = (value: Value, verb: string, flags: Flags): string =>
  `%!${verb}(${goTypeName(value)}=${formatFlagged(value, 'v', { ...flags, isSharp: false })})`;

function pad(text: string, { width, isLeft, isZero }: Flags): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  return isLeft ? text + ' '.repeat(missing) : (isZero ? '0' : ' ').repeat(missing) + text;
}

/** Zeros go between the sign and the digits. */
function padNumber(sign: string, digits: string, flags: Flags): string {
  const missing = flags.width - sign.length - digits.length;
  return flags.isZero && missing > 0 ? sign + '0'.repeat(missing) + digits : pad(sign + digits, { ...flags, isZero: false });
}

function formatText(text: string, value: Value, verb: string, flags: Flags): string {
  const cut = flags.precision === undefined ? text : [...text].slice(0, flags.precision).join('');
  switch (verb) {
    case 'v':
      return pad(flags.isSharp ? quote(cut) : cut, flags);
    case 's':
      return pad(cut, flags);
    case 'q':
      return pad(flags.isSharp && !/[`\p{Cc}\ufeff]/u.test(cut) ? `\`${cut}\`` : flags.hasPlus ? quoteToAscii(cut) : quote(cut), flags);
    case 'x':
    case 'X':
      return pad(hex(encodeText(text), verb, flags), flags);
    default:
      return wrongVerb(value, verb, flags);
  }
}

function formatBytes(value: Uint8Array, verb: string, flags: Flags): string {
  if (verb === 'v' || verb === 'd') return pad(verb === 'v' && flags.isSharp ? goSyntaxText(value) : toGoText(value), flags);
  if (verb === 'x' || verb === 'X') return pad(hex(value, verb, flags), flags);
  return verb === 's' || verb === 'q'
    ? formatText(decodeText(value), value, verb, flags)
    : formatEach([...value].map(BigInt), verb, flags, '[', ']');
}

function hex(bytes: Uint8Array, verb: string, { precision, isSharp, hasSpace }: Flags): string {
  const pairs = [...bytes.subarray(0, precision ?? bytes.length)].map((byte) => byte.toString(16).padStart(2, '0'));
  const prefix = isSharp ? '0x' : '';
  const text = hasSpace ? pairs.map((pair) => prefix + pair).join(' ') : pairs.length > 0 ? prefix + pairs.join('') : '';
  return verb === 'X' ? text.toUpperCase() : text;
}

const BASES: Record<string, number> = { b: 2, o: 8, O: 8, d: 10, v: 10, x: 16, X: 16 };
const PREFIXES: Record<string, string> = { b: '0b', o: '0', x: '0x', X: '0X' };

function formatInteger(integer: bigint, value: Value, verb: string, flags: Flags, isSigned: boolean): string {
  if (verb === 'v' && flags.isSharp && !isSigned) return padNumber('', `0x${integer.toString(16)}`, flags);
  const base = BASES[verb];
  if (base === undefined) return formatCharacter(integer, value, verb, flags);
  let digits = (integer < 0n ? -integer : integer).toString(base);
  if (flags.precision !== undefined) digits = flags.precision === 0 && integer === 0n ? '' : digits.padStart(flags.precision, '0');
  if (verb === 'X') digits = digits.toUpperCase();
  const prefix = verb === 'O' ? '0o' : flags.isSharp && !(verb === 'o' && digits.startsWith('0')) ? (PREFIXES[verb] ?? '') : '';
  const sign = integer < 0n ? '-' : flags.hasPlus ? '+' : flags.hasSpace ? ' ' : '';
  return padNumber(sign + prefix, digits, flags.precision === undefined ? flags : { ...flags, isZero: false });
}

function formatCharacter(integer: bigint, value: Value, verb: string, flags: Flags): string {
  const isValid = integer >= 0n && integer <= 0x10ffffn && !(integer >= 0xd800n && integer <= 0xdfffn);
  const character = isValid ? String.fromCodePoint(Number(integer)) : '\ufffd';
  if (verb === 'c') return pad(character, flags);
  if (verb === 'q') return pad(`'${character === "'" ? "\\'" : character === '"' ? '"' : quote(character).slice(1, -1)}'`, flags);
  if (verb !== 'U') return wrongVerb(value, verb, flags);
  const code = `U+${BigInt.asUintN(64, integer)
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, flags.precision ?? 0), '0')}`;
  return pad(flags.isSharp ? `${code} '${character}'` : code, { ...flags, isZero: false });
}

function formatFloatValue(value: Float64, verb: string, flags: Flags): string {
  if (!/^[vbgGxXfFeE]$/.test(verb)) return wrongVerb(value, verb, flags);
  const text = formatFloat(value.value, verb === 'v' ? 'g' : verb, flags.precision, {
    isNarrow: value instanceof Float32,
    keepsZeros: flags.isSharp && verb !== 'v',
  });
  const isNegative = text.startsWith('-');
  const digits = text.replace(/^[+-]/, '');
  const sign = isNegative ? '-' : flags.hasPlus || text.startsWith('+') ? '+' : flags.hasSpace ? ' ' : '';
  return padNumber(
    digits === 'NaN' && !flags.hasPlus ? '' : sign,
    digits,
    Number.isFinite(value.value) ? flags : { ...flags, isZero: false },
  );
}

function formatStructured(value: Value, verb: string, flags: Flags): string {
  if (isArray(value)) {
    if (verb === 'v' && flags.isSharp) return goSyntaxText(value);
    return formatEach(value, verb, flags, '[', ']');
  }
  if (!isObject(value)) return verb === 'v' ? pad('<nil>', flags) : wrongVerb(value, verb, flags);
  if (verb === 'v' && flags.isSharp) return goSyntaxText(value);
  const entries = sortedKeys(value).map((key) => `${formatFlagged(key, verb, flags)}:${formatElement(value[key]!, verb, flags)}`);
  return `map[${entries.join(' ')}]`;
}

const formatEach = (values: readonly Value[], verb: string, flags: Flags, open: string, close: string): string =>
  open + values.map((element) => formatElement(element, verb, flags)).join(' ') + close;

/** Within an array or object there is nothing wrong with null. */
const formatElement = (element: Value, verb: string, flags: Flags): string =>
  element === null ? '<nil>' : formatFlagged(element, verb, flags);
