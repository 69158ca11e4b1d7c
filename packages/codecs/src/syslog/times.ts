/** Times of log lines, character by character. A pattern sees the character before the one that it tests. */
import { BloblangError, quote, Timestamp, type Zone } from '@sluice/values';
import type { Cursor } from './cursor.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const DIGIT = /\d$/;
const CLOCK = [/[0-2]$/, /(?:[01]\d|2[0-3])$/, /:$/, /[0-5]$/, DIGIT, /:$/, /[0-5]$/, DIGIT];
const STAMP_DAY = [/ $/, /[ 1-3]$/, /(?: [1-9]|[12]\d|3[01])$/, / $/];
const DATE = [DIGIT, DIGIT, DIGIT, DIGIT, /-$/, /[01]$/, /(?:0[1-9]|1[0-2])$/, /-$/, /[0-3]$/, /(?:0[1-9]|[12]\d|3[01])$/, /T$/];
const OFFSET = [/[0-2]$/, /(?:[01]\d|2[0-3])$/, /:$/, /[0-5]$/, DIGIT];

/** `Dec  2 16:49:23`, as a time of `year`, shown in `zone`. A 29th of February of another year is the first of March. */
export function readStamp(cursor: Cursor, year: number, zone: Zone, expectation: string): () => string {
  const start = cursor.at;
  for (let length = 1; length <= 3; length++) {
    if (cursor.isAtEnd || !MONTHS.some((month) => month.startsWith(cursor.text.slice(start, start + length)))) cursor.fail(expectation);
    cursor.at++;
  }
  cursor.each([...STAMP_DAY, ...CLOCK], expectation);
  const text = cursor.text.slice(start, cursor.at);
  return () => {
    const month = MONTHS.indexOf(text.slice(0, 3));
    const [day, hour, minute, second] = [text.slice(4, 6), text.slice(7, 9), text.slice(10, 12), text.slice(13, 15)].map(Number);
    checkDay(text, month, day!, cursor);
    const date = new Date(0);
    date.setUTCFullYear(year, month, day);
    const seconds = date.getTime() / 1_000 + hour! * 3_600 + minute! * 60 + second!;
    return new Timestamp(BigInt(seconds) * 1_000_000_000n, zone).toString();
  };
}

/** An RFC 3339 time, with a fraction of up to six digits where that is allowed, as Go would write it. */
export function readRfc3339(cursor: Cursor, allowsFraction: boolean, expectation: string): () => string {
  const start = cursor.at;
  cursor.each([...DATE, ...CLOCK], expectation);
  if (allowsFraction && cursor.character === '.') {
    const dot = cursor.at++;
    while (DIGIT.test(cursor.character) && cursor.at - dot <= 6) cursor.at++;
    if (cursor.at === dot + 1) cursor.fail(expectation);
  }
  if (!/[Z+-]/.test(cursor.character)) cursor.fail(expectation);
  cursor.at++;
  if (cursor.text[cursor.at - 1] !== 'Z') cursor.each(OFFSET, expectation);
  const text = cursor.text.slice(start, cursor.at);
  return () => {
    checkDay(text, Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)), cursor, Number(text.slice(0, 4)));
    const [, moment, fraction = '', offset] = /^(.{19})(\.\d+)?(.*)$/.exec(text)!;
    const digits = fraction.replace(/\.?0+$/, '');
    return `${moment}${digits}${/^[+-]00:00$/.test(offset!) ? 'Z' : offset}`;
  };
}

/** Throws BloblangError for a day that its month does not have. */
function checkDay(text: string, month: number, day: number, cursor: Cursor, year = 2_000): void {
  if (day <= new Date(Date.UTC(year, month + 1, 0)).getUTCDate()) return;
  throw new BloblangError(`parsing time ${quote(text)}: day out of range [col ${cursor.at}]`);
}
