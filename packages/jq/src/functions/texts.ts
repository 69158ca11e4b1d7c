import { BloblangError, isArray, parseJson, type Value } from '@sluice/values';
import { cannotApply, cannotApplyWith, failedFor } from '../errors.ts';
import { isNumeric, parseNumber, wholeOf } from '../numbers.ts';
import { splitText } from '../operators.ts';
import { toJson } from '../text.ts';
import { formatted, plainText } from './formats.ts';
import type { Native, Natives } from './native.ts';

/** A function of a text; the value must be one, and its arguments too. */
const ofText =
  (name: string, work: (text: string, ...args: string[]) => Value): Native =>
  (value, args) => {
    if (typeof value === 'string' && args.every((arg) => typeof arg === 'string')) return work(value, ...(args as string[]));
    throw args.length === 0 ? cannotApply(name, value) : cannotApplyWith(name, value, ...args);
  };

const withoutStart = (text: string, start: string) => (text.startsWith(start) ? text.slice(start.length) : text);
const withoutEnd = (text: string, end: string) => (text.endsWith(end) ? text.slice(0, text.length - end.length) : text);

export const texts: Natives = {
  'utf8bytelength/0': ofText('utf8bytelength', (text) => Buffer.byteLength(text)),
  'startswith/1': ofText('startswith', (text, start) => text.startsWith(start)),
  'endswith/1': ofText('endswith', (text, end) => text.endsWith(end)),
  'ltrimstr/1': ofText('ltrimstr', withoutStart),
  'rtrimstr/1': ofText('rtrimstr', withoutEnd),
  'trimstr/1': ofText('trimstr', (text, both) => withoutEnd(withoutStart(text, both), both)),
  'ltrim/0': ofText('ltrim', (text) => text.trimStart()),
  'rtrim/0': ofText('rtrim', (text) => text.trimEnd()),
  'trim/0': ofText('trim', (text) => text.trim()),
  'explode/0': ofText('explode', (text) => [...text].map((character) => character.codePointAt(0)!)),
  'implode/0': implode,
  'split/1': (value, [separator]) => {
    if (typeof value !== 'string') throw cannotApply('split', value);
    if (typeof separator !== 'string') throw cannotApply('split', '');
    return splitText(value, separator);
  },
  'ascii_downcase/0': ofText('ascii_downcase', (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  'ascii_upcase/0': ofText('ascii_upcase', (text) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  'tojson/0': toJson,
  'tostring/0': plainText,
  'fromjson/0': fromJson,
  'tonumber/0': toNumber,
  'format/1': (value, [name]) => {
    if (typeof name !== 'string') throw cannotApply('format', name!);
    return formatted(`@${name}`, value);
  },
};

function implode(value: Value): string {
  if (!isArray(value)) throw cannotApply('implode', value);
  return value
    .map((code) => {
      const point = isNumeric(code) ? wholeOf(code)! : undefined;
      if (point === undefined) throw cannotApply('implode', value);
      const isCharacter = point >= 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      return isCharacter ? String.fromCodePoint(point) : '\ufffd';
    })
    .join('');
}

function fromJson(value: Value): Value {
  if (typeof value !== 'string') throw cannotApply('fromjson', value);
  try {
    return parseJson(value);
  } catch (error) {
    if (error instanceof BloblangError) throw failedFor('fromjson', value, [], error.message);
    throw error;
  }
}

const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

function toNumber(value: Value): Value {
  if (isNumeric(value)) return value;
  if (typeof value !== 'string') throw cannotApply('tonumber', value);
  if (!NUMBER.test(value)) throw failedFor('tonumber', value, [], 'invalid number');
  return parseNumber(value.replace(/^\+/, ''));
}
