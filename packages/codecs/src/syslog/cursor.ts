import { BloblangError } from '@sluice/values';

/** Walks over the bytes of a log line, each a character of `text`; what does not fit throws a BloblangError with its column. */
export class Cursor {
  readonly text: string;
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.text = this.#bytes.toString('latin1');
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The character here, '' at the end. */
  get character(): string {
    return this.text.charAt(this.at);
  }

  stands(character: string): boolean {
    return this.character === character;
  }

  /** What stands between two places, decoded. */
  slice(from: number, to: number = this.at): string {
    return this.#bytes.toString('utf8', from, to);
  }

  fail(expectation: string): never {
    throw new BloblangError(`${expectation} [col ${this.at}]`);
  }

  /** Takes one character, or fails. */
  take(character: string, expectation: string): void {
    if (this.character !== character) this.fail(expectation);
    this.at++;
  }

  /** Takes up to `most` characters, at least one, and fails where more of them or none stand. */
  word(characters: RegExp, most: number, expectation: string): string {
    const start = this.at;
    while (!this.isAtEnd && characters.test(this.character)) {
      if (this.at - start === most) this.fail(expectation);
      this.at++;
    }
    if (this.at === start) this.fail(expectation);
    return this.slice(start);
  }

  /** Takes one character for each pattern, which sees it behind the one before it; fails at the first that does not match. */
  each(patterns: readonly RegExp[], expectation: string): void {
    for (const pattern of patterns) {
      if (this.isAtEnd || !pattern.test(this.text.slice(Math.max(0, this.at - 1), this.at + 1))) this.fail(expectation);
      this.at++;
    }
  }
}

export const GRAPH = /[!-~]/;

/** `<PRIORITY>`: 0 to 191. */
export function readPriority(cursor: Cursor): number {
  cursor.take('<', 'expecting a priority value within angle brackets');
  const start = cursor.at;
  const isPriority = (text: string) => /^(?:0|1(?:9[01]?|[0-8]\d?)?|[2-9]\d?)$/.test(text);
  while (isPriority(cursor.text.slice(start, cursor.at + 1)) && !cursor.isAtEnd) cursor.at++;
  if (cursor.at === start || cursor.character !== '>') cursor.fail('expecting a priority value in the range 1-191 or equal to 0');
  return Number(cursor.text.slice(start, cursor.at++));
}

/** What a priority says. */
export const priorityFields = (priority: number) => ({ priority, facility: Math.floor(priority / 8), severity: priority % 8 });
