import { BloblangError } from '../errors.ts';
import { UTC, type Zone } from './zone.ts';

/** 2000-01-01, when the name and offset of a zone are asked for. */
export const Y2K = 946_684_800;

/** A text that a time is read from by `strptime`, with what has been read so far. */
export class StrptimeReader {
  readonly text: string;
  position = 0;

  year = 1900;
  month = 1;
  /** 0 as long as it is not read, as with `yearDay`. */
  day = 0;
  yearDay = 0;
  hour = 0;
  minute = 0;
  second = 0;
  nanosecond = 0;
  century: number | undefined;
  week: { readonly number: number; readonly firstDay: 'Sunday' | 'Monday' | 'ISO' } | undefined;
  /** 1 is Sunday, 0 not read. */
  weekday = 0;
  isPm = false;
  hasIsoYear = false;
  zone: Zone = UTC;
  hasZoneName = false;
  hasZoneOffset = false;

  constructor(text: string) {
    this.text = text;
  }

  get next(): string | undefined {
    return this.text[this.position];
  }

  expect(character: string): void {
    if (!this.text.startsWith(character, this.position)) throw new BloblangError(`expected '${ESCAPED[character] ?? character}'`);
    this.position += character.length;
  }

  /** A number of at most so many digits within a range; undefined if there is none. */
  tryNumber(most: number, minimum: number, maximum: number): number | undefined {
    let end = this.position;
    while (end < this.text.length && end < this.position + most && this.text[end]! >= '0' && this.text[end]! <= '9') end++;
    const value = Number(this.text.slice(this.position, end));
    if (end === this.position || value < minimum || value > maximum) return undefined;
    this.position = end;
    return value;
  }

  number(letter: string, most: number, minimum: number, maximum: number): number {
    const value = this.tryNumber(most, minimum, maximum);
    if (value === undefined) throw new BloblangError(`cannot parse "%${letter}"`);
    return value;
  }

  /** The place of the word, of several, that comes next in any case. */
  word(letter: string, words: readonly string[]): number {
    const rest = this.text.slice(this.position, this.position + 9).toLowerCase();
    const index = words.findIndex((word) => rest.startsWith(word.toLowerCase()));
    if (index < 0) throw new BloblangError(`cannot parse "%${letter}"`);
    this.position += words[index]!.length;
    return index;
  }

  skipSpace(): void {
    if (this.next === ' ') this.position++;
  }
}

const ESCAPED: Readonly<Record<string, string>> = { "'": "\\'", '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
