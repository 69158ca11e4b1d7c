import { BloblangError } from '../errors.ts';
import { toWellFormed } from '../text/text.ts';
import { JsonNumber, setKey, type Value, type ValueObject } from '../value/kinds.ts';

const SPACE = /[ \t\r\n]*/y;
/** Runs of plain characters are taken whole, so that a long text needs no deep stack. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Deeper documents are refused, as the original's decoder does. */
const MAX_DEPTH = 10_000;

/** A document that `JSON.parse` has accepted, with the text of each number that a float would not print again. */
export function parseExactJson(text: string): Value {
  try {
    return new ExactParser(text).value(0);
  } catch (error) {
    if (error instanceof RangeError) throw new BloblangError('exceeded max depth');
    throw error;
  }
}

class ExactParser {
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = toWellFormed(text);
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new BloblangError('exceeded max depth');
    this.match(SPACE);
    switch (this.text[this.position]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        this.position += 4;
        return true;
      case 'f':
        this.position += 5;
        return false;
      case 'n':
        this.position += 4;
        return null;
      default:
        return numberOf(this.match(NUMBER));
    }
  }

  private object(depth: number): ValueObject {
    const object: ValueObject = {};
    this.position++;
    while (this.next() !== '}') {
      const key = this.string();
      this.match(SPACE);
      this.position++;
      setKey(object, key, this.value(depth + 1));
    }
    this.position++;
    return object;
  }

  private array(depth: number): Value[] {
    const array: Value[] = [];
    this.position++;
    while (this.next() !== ']') array.push(this.value(depth + 1));
    this.position++;
    return array;
  }

  /** The next character that is neither space nor comma. */
  private next(): string | undefined {
    this.match(SPACE);
    if (this.text[this.position] === ',') {
      this.position++;
      this.match(SPACE);
    }
    return this.text[this.position];
  }

  private string(): string {
    const literal = this.match(STRING);
    return literal.includes('\\') ? toWellFormed(JSON.parse(literal) as string) : literal.slice(1, -1);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)![0];
    this.position += found.length;
    return found;
  }
}

function numberOf(text: string): number | JsonNumber {
  const number = Number(text);
  return String(number) === text ? number : new JsonNumber(text);
}
