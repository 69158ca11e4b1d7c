/** A text that a time is read from, with what has been read so far. */
export class TimeReader {
  readonly text: string;
  position = 0;

  year = 0;
  /** -1 as long as it is not read, as with `day` and `yearDay`. */
  month = -1;
  day = -1;
  yearDay = -1;
  hour = 0;
  minute = 0;
  second = 0;
  nanosecond = 0;
  half: 'am' | 'pm' | undefined;
  isUtc = false;
  offsetSeconds: number | undefined;
  abbreviation = '';

  constructor(text: string) {
    this.text = text;
  }

  rest(): string {
    return this.text.slice(this.position);
  }

  /** The next characters, fewer at the end. */
  peek(length: number): string {
    return this.text.slice(this.position, this.position + length);
  }

  isDigit(offset = 0): boolean {
    return isDigitCode(this.text.charCodeAt(this.position + offset));
  }

  /** A number of one to `most` digits, exactly so many if `isFixed`; undefined if there is none, then nothing is read. */
  number(most: number, isFixed: boolean): number | undefined {
    let value = 0;
    let count = 0;
    while (count < most && this.isDigit(count)) value = value * 10 + this.text.charCodeAt(this.position + count++) - 48;
    if (count === 0 || (isFixed && count < most)) return undefined;
    this.position += count;
    return value;
  }

  /** The digits that come next. */
  digits(): string {
    let count = 0;
    while (this.isDigit(count)) count++;
    return this.peek(count);
  }

  skipSpace(): void {
    if (this.text[this.position] === ' ') this.position++;
  }

  /** Goes past a literal; any number of spaces stands for any other. Returns what of the literal is missing, if something is. */
  skip(literal: string): string | undefined {
    let index = 0;
    while (index < literal.length) {
      if (literal[index] === ' ') {
        if (this.position < this.text.length && this.text[this.position] !== ' ') return literal.slice(index);
        while (literal[index] === ' ') index++;
        while (this.text[this.position] === ' ') this.position++;
      } else if (this.text[this.position] === literal[index]) {
        index++;
        this.position++;
      } else {
        return literal.slice(index);
      }
    }
    return undefined;
  }
}

const isDigitCode = (code: number): boolean => code >= 48 && code <= 57;
