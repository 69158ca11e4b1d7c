import { BloblangError, setKey, type ValueObject } from '@sluice/values';
import { Cursor, GRAPH, priorityFields, readPriority } from './cursor.ts';
import { readRfc3339 } from './times.ts';

const VERSION = 'expecting a version value in the range 1-999';
const ELEMENTS = 'expecting a structured data section containing one or more elements (`[id( key="value")*]+`) or a nil value';
const ELEMENT_ID = 'expecting a structured data element id (from 1 to max 32 US-ASCII characters; except `=`, ` `, `]`, and `"`';
const PARAMETER =
  'expecting a structured data parameter (`key="value"`, both part from 1 to max 32 US-ASCII characters; key cannot contain `=`, ` `, `]`, and `"`, while value cannot contain `]`, backslash, and `"` unless escaped)';
const ESCAPE = 'expecting chars `]`, `"`, and `\\` to be escaped within param value';
const NAME = /[!#-<>-\\^-~]/;
const UTF8 =
  /[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/y;

/** Words of the header behind the time: field, longest, how an error calls it. */
const WORDS = [
  ['hostname', 255, 'hostname'],
  ['appname', 48, 'app-name'],
  ['procid', 128, 'procid'],
  ['msgid', 32, 'msgid'],
] as const;

/** The fields of a syslog line of RFC 5424; one that is nil is left out. Throws BloblangError. */
export function readRfc5424(bytes: Uint8Array): ValueObject {
  const cursor = new Cursor(bytes);
  const fields: ValueObject = { ...priorityFields(readPriority(cursor)), version: readVersion(cursor) };
  if (cursor.character === '-') cursor.at++;
  else fields['timestamp'] = readRfc3339(cursor, true, 'expecting a RFC3339MICRO timestamp or a nil value')();
  cursor.take(' ', 'parsing error');
  for (const [field, most, name] of WORDS) {
    const expectation = `expecting ${name === 'procid' || name === 'msgid' ? 'a' : 'an'} ${name} (from 1 to max ${most} US-ASCII characters) or a nil value`;
    const word = cursor.word(GRAPH, most, expectation);
    cursor.take(' ', expectation);
    if (word !== '-') fields[field] = word;
  }
  const isNil = cursor.character === '-';
  if (isNil) cursor.at++;
  else fields['structureddata'] = readElements(cursor);
  if (cursor.isAtEnd) return fields;
  cursor.take(' ', isNil ? 'parsing error' : ELEMENTS);
  const message = readText(cursor);
  if (message !== '') fields['message'] = message;
  return fields;
}

function readVersion(cursor: Cursor): number {
  const start = cursor.at;
  if (!/[1-9]/.test(cursor.character)) cursor.fail(VERSION);
  cursor.at++;
  while (/\d/.test(cursor.character) && cursor.at - start < 3) cursor.at++;
  const version = Number(cursor.text.slice(start, cursor.at));
  cursor.take(' ', version < 10 ? 'parsing error' : VERSION);
  return version;
}

function readElements(cursor: Cursor): ValueObject {
  const elements: ValueObject = {};
  do {
    cursor.take('[', ELEMENTS);
    const id = cursor.word(NAME, 32, ELEMENT_ID);
    if (Object.hasOwn(elements, id)) throw new BloblangError(`duplicate structured data element id [col ${cursor.at}]`);
    if (cursor.character !== ' ' && cursor.character !== ']') cursor.fail(ELEMENT_ID);
    const parameters: ValueObject = {};
    while (cursor.stands(' ')) {
      cursor.at++;
      const name = cursor.word(NAME, 32, PARAMETER);
      cursor.take('=', PARAMETER);
      cursor.take('"', PARAMETER);
      setKey(parameters, name, readValue(cursor));
      if (cursor.character !== ' ' && cursor.character !== ']') cursor.fail(PARAMETER);
    }
    cursor.at++;
    setKey(elements, id, parameters);
  } while (cursor.stands('['));
  return elements;
}

function readValue(cursor: Cursor): string {
  let value = '';
  let start = cursor.at;
  while (cursor.character !== '"') {
    if (cursor.isAtEnd || cursor.character === ']') cursor.fail(ESCAPE);
    if (cursor.character === '\\') {
      value += cursor.slice(start);
      start = ++cursor.at;
      if (!/["\]\\]/.test(cursor.character)) cursor.fail(ESCAPE);
    }
    skipCharacter(cursor, PARAMETER);
  }
  value += cursor.slice(start);
  cursor.at++;
  return value;
}

function readText(cursor: Cursor): string {
  const start = cursor.at;
  while (!cursor.isAtEnd) skipCharacter(cursor, 'expecting a free-form optional message in UTF-8 (starting with or without BOM)');
  return cursor.slice(start);
}

/** Takes one character of UTF-8. A bad one fails where it stops being one. */
function skipCharacter(cursor: Cursor, expectation: string): void {
  UTF8.lastIndex = cursor.at;
  const [character] = UTF8.exec(cursor.text) ?? [];
  if (character === undefined) cursor.fail(expectation);
  cursor.at += character.length;
}
