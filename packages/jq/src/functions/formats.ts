/** `@format`s. */
import { isArray, isObject, type Value } from '@sluice/values';
import { cannotApply, failedFor, JqError } from '../errors.ts';
import { toJson, typePreview } from '../text.ts';

export const plainText = (value: Value): string => (typeof value === 'string' ? value : toJson(value));

const HTML: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&apos;', '"': '&quot;' };
const TSV: Readonly<Record<string, string>> = { '\t': '\\t', '\r': '\\r', '\n': '\\n', '\\': '\\\\', '\0': '\\0' };

const FORMATS: Readonly<Record<string, (value: Value) => string>> = {
  '@text': plainText,
  '@json': toJson,
  '@html': (value) => plainText(value).replace(/[<>&'"]/g, (character) => HTML[character]!),
  '@uri': (value) => encodeURIComponent(plainText(value).toWellFormed()).replace(/[!'()*]/g, percentOf),
  '@urid': fromUri,
  '@csv': (value) => row('csv', value, ',', (text) => `"${text.replaceAll('"', '""').replaceAll('\0', '\\0')}"`),
  '@tsv': (value) => row('tsv', value, '\t', (text) => text.replace(/[\t\r\n\\\0]/g, (character) => TSV[character]!)),
  '@sh': (value) =>
    row('sh', isArray(value) ? value : [value], ' ', (text) => `'${text.replaceAll("'", "'\\''").replaceAll('\0', '\\0')}'`),
  '@base64': (value) => Buffer.from(plainText(value)).toString('base64'),
  '@base64d': fromBase64,
};

/** Throws JqError. */
export function formatted(name: string, value: Value): string {
  if (!Object.hasOwn(FORMATS, name)) throw new JqError(`format not defined: ${name}`);
  return FORMATS[name]!(value);
}

const percentOf = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

function fromUri(value: Value): string {
  const text = plainText(value);
  const bad = /%(?![0-9a-fA-F]{2}).{0,2}/su.exec(text)?.[0];
  if (bad !== undefined) throw failedFor('@urid', value, [], `invalid URL escape ${JSON.stringify(bad)}`);
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

function fromBase64(value: Value): string {
  const text = plainText(value).replace(/=.*$/s, '');
  const bad = /[^A-Za-z0-9+/]/.exec(text)?.index ?? (text.length % 4 === 1 ? text.length - 1 : undefined);
  if (bad !== undefined) throw failedFor('@base64d', value, [], `illegal base64 data at input byte ${bad}`);
  return Buffer.from(text, 'base64').toString();
}

function row(format: string, value: Value, separator: string, quote: (text: string) => string): string {
  if (!isArray(value)) throw cannotApply(`@${format}`, value);
  return value
    .map((cell) => {
      if (isArray(cell) || isObject(cell)) throw new JqError(`@${format} cannot format an array including: ${typePreview(cell)}`);
      if (typeof cell === 'string') return quote(cell);
      return cell === null && format !== 'sh' ? '' : toJson(cell);
    })
    .join(separator);
}
