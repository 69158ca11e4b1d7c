import { toWellFormed } from '../text/text.ts';
import { JsonNumber, setKey, type Value, type ValueObject } from '../value/kinds.ts';

const SPACE = /[ \t\r\n]*/y;
/** Runs of plain characters are taken whole, so that a long text needs no deep stack. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/sy;
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** A document that `JSON.parse` has accepted, with the text of each number that a float would not print again. */
export const parseExactJson = (text: string): Value => new ExactParser(text).document();

/** An array or object that is being read. */
type Open = { readonly container: Value[]; readonly close: ']' } | { readonly container: ValueObject; readonly close: '}' };

/** Uses its own stack, because documents nest deeper than calls can. */
class ExactParser {
  private readonly text: string;
  private readonly open: Open[] = [];
  private position = 0;

  constructor(text: string) {
    this.text = toWellFormed(text);
  }

  document(): Value {
    const result: Value[] = [];
    this.add({ container: result, close: ']' });
    for (let top = this.open.at(-1); top !== undefined; top = this.open.at(-1)) {
      if (this.next() !== top.close) {
        this.add(top);
      } else {
        this.position++;
        this.open.pop();
      }
    }
    return result[0]!;
  }

  /** Reads the beginning of an element or field of a container: all of a scalar, the bracket of another container. */
  private add(parent: Open): void {
    let key = '';
    if (parent.close === '}') {
      key = this.string();
      this.match(SPACE);
      this.position++;
    }
    this.match(SPACE);
    const value = this.begin();
    if (parent.close === '}') setKey(parent.container, key, value);
    else parent.container.push(value);
  }

  private begin(): Value {
    switch (this.text[this.position]) {
      case '{': {
        this.position++;
        const container: ValueObject = {};
        this.open.push({ container, close: '}' });
        return container;
      }
      case '[': {
        this.position++;
        const container: Value[] = [];
        this.open.push({ container, close: ']' });
        return container;
      }
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
