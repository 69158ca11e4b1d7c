import type { ValueObject, Zone } from '@sluice/values';
import { Cursor, GRAPH, priorityFields, readPriority } from './cursor.ts';
import { readRfc3339, readStamp } from './times.ts';

export interface Rfc3164Options {
  /** Whether a time may be as in RFC 3339 too. */
  readonly allowsRfc3339: boolean;
  /** Of times, which have none. */
  readonly year: number;
  /** In which such times are shown; they are UTC. */
  readonly zone: Zone;
  /** Whether what was read counts where a line goes on in an unforeseen way. */
  readonly bestEffort: boolean;
}

const VISIBLE = /[ -~\x80-\xff]/;
const TAG = /[!-9;-Z\\-~]/;
const MAX_TAG = 32;

/** The fields of a BSD syslog line, by the rules of influxdata/go-syslog. Throws BloblangError. */
export function readRfc3164(bytes: Uint8Array, { allowsRfc3339, year, zone, bestEffort }: Rfc3164Options): ValueObject {
  const cursor = new Cursor(bytes);
  const fields: ValueObject = { ...priorityFields(readPriority(cursor)) };
  const time =
    allowsRfc3339 && /\d/.test(cursor.character)
      ? readRfc3339(cursor, false, 'expecting a Stamp or a RFC3339 timestamp')
      : readStamp(cursor, year, zone, 'expecting a Stamp timestamp');
  if (cursor.character !== ' ') return partial(cursor, fields, bestEffort);
  fields['timestamp'] = time();
  cursor.at++;
  const hostname = cursor.word(GRAPH, 255, HOSTNAME);
  cursor.take(' ', HOSTNAME);
  fields['hostname'] = hostname;
  if (!VISIBLE.test(cursor.character)) cursor.fail('expecting an alphanumeric tag (max 32 characters)');
  return readMessage(cursor, fields) ? fields : partial(cursor, fields, bestEffort);
}

const HOSTNAME = 'expecting an hostname (from 1 to max 255 US-ASCII characters)';

const partial = (cursor: Cursor, fields: ValueObject, bestEffort: boolean): ValueObject =>
  bestEffort ? fields : cursor.fail('parsing error');

type Expected = '' | ':' | ' ' | 'message';

/**
 * `TAG[CONTENT]: MESSAGE`, of which only the message must be there. What may be a tag or its content is noted as soon as it ends, be it
 * followed by what it must be followed by or not: other programs rely on fields that come of it.
 */
function readMessage(cursor: Cursor, fields: ValueObject): boolean {
  const { text, at: start } = cursor;
  let mark = start;
  let isMessage = true;
  let isTag = true;
  let content: 'none' | 'begins' | 'goes on' = 'none';
  let expects: Expected = '';
  for (; !cursor.isAtEnd; cursor.at++) {
    const character = cursor.character;
    if (!VISIBLE.test(character)) isMessage = false;
    if (!isMessage && content === 'none') return false;
    const awaited: Expected = expects;
    expects = awaited === ':' && character === ':' ? ' ' : awaited === ' ' && character === ' ' ? 'message' : '';
    if (awaited === 'message' && VISIBLE.test(character)) {
      mark = cursor.at;
      isMessage = true;
    }
    if (isTag && !TAG.test(character)) {
      isTag = false;
      if (cursor.at > start && (character === ':' || character === '[')) {
        fields['appname'] = cursor.slice(mark);
        if (character === ':') expects = ' ';
        else content = 'begins';
        continue;
      }
    }
    if (isTag && cursor.at - start >= MAX_TAG) isTag = false;
    if (content === 'begins') mark = cursor.at;
    if (content !== 'none') {
      content = 'goes on';
      if (character === ']') {
        if (cursor.at > mark) fields['procid'] = cursor.slice(mark);
        expects = ':';
      }
    }
  }
  if (isMessage) fields['message'] = cursor.slice(mark, text.length);
  return isMessage;
}
