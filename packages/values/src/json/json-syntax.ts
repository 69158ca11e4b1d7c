import { MAX_DEPTH } from '../limits.ts';
import { quote } from '../text/quote.ts';
import { encodeText } from '../text/text.ts';

/** Where the scanner fell over; `end` is the offset behind the first document if that one was whole. */
interface JsonScan {
  readonly error: string | null;
  readonly end: number;
}

const WORDS: Record<string, string> = { t: 'true', f: 'false', n: 'null' };
const SPACE = /[ \t\r\n]*/y;
const NUMBER_PARTS: readonly (readonly [RegExp, string])[] = [
  [/-?(?:0|[1-9][0-9]*)/y, 'in numeric literal'],
  [/\.[0-9]+|(?!\.)/y, 'after decimal point in numeric literal'],
  [/[eE][+-]?[0-9]+|(?![eE])/y, 'in exponent of numeric literal'],
];

/**
 * Scans one document and says, in the words of Go's decoder, what is wrong with it. Only ever run on text that has been refused
 * (or that has something behind its document), so it goes for exactness, not speed.
 */
export function scanJson(text: string): JsonScan {
  const scanner = new Scanner(text);
  try {
    scanner.document();
    return { error: null, end: scanner.position };
  } catch (error) {
    if (error instanceof SyntaxFailure) return { error: error.message, end: scanner.position };
    throw error;
  }
}

class SyntaxFailure extends Error {}

class Scanner {
  position = 0;
  private readonly text: string;
  /** The brackets that are open, innermost last. */
  private readonly open: ('[' | '{')[] = [];

  constructor(text: string) {
    this.text = text;
  }

  document(): void {
    this.skipSpace();
    if (this.position >= this.text.length) throw new SyntaxFailure('EOF');
    do {
      this.value();
    } while (this.afterValue());
  }

  /** A scalar, after as many openings of arrays and objects as stand before it, or an empty one of these. */
  private value(): void {
    for (;;) {
      this.skipSpace();
      const character = this.text[this.position];
      if (character !== '[' && character !== '{') {
        this.scalar(character);
        return;
      }
      if (!this.openBracket(character)) return;
    }
  }

  private scalar(character: string | undefined): void {
    if (character === '"') this.string();
    else if (character !== undefined && /[-0-9]/.test(character)) this.number();
    else if (character !== undefined && Object.hasOwn(WORDS, character)) this.word(WORDS[character]!);
    else this.fail('looking for beginning of value');
  }

  /** Whether a value follows within the bracket. */
  private openBracket(bracket: '[' | '{'): boolean {
    this.position++;
    this.skipSpace();
    if (this.text[this.position] === (bracket === '[' ? ']' : '}')) {
      this.position++;
      return false;
    }
    this.open.push(bracket);
    if (this.open.length > MAX_DEPTH) throw new SyntaxFailure('exceeded max depth');
    if (bracket === '{') this.key();
    return true;
  }

  /** Closes what ends here; true if another value follows. */
  private afterValue(): boolean {
    while (this.open.length > 0) {
      this.skipSpace();
      const bracket = this.open.at(-1)!;
      const character = this.text[this.position];
      if (character === ',') {
        this.position++;
        if (bracket === '{') this.key();
        return true;
      }
      if (character !== (bracket === '[' ? ']' : '}')) this.fail(bracket === '[' ? 'after array element' : 'after object key:value pair');
      this.position++;
      this.open.pop();
    }
    return false;
  }

  private key(): void {
    this.skipSpace();
    if (this.text[this.position] !== '"') this.fail('looking for beginning of object key string');
    this.string();
    this.skipSpace();
    if (this.text[this.position] !== ':') this.fail('after object key');
    this.position++;
  }

  private string(): void {
    this.position++;
    for (;;) {
      const character = this.text[this.position];
      if (character === undefined || character < ' ') this.fail('in string literal');
      this.position++;
      if (character === '"') return;
      if (character === '\\') this.escape();
    }
  }

  private escape(): void {
    const character = this.text[this.position];
    if (character === undefined || !/["\\/bfnrtu]/.test(character)) this.fail('in string escape code');
    this.position++;
    for (let digits = 0; character === 'u' && digits < 4; digits++) {
      if (!/[0-9a-fA-F]/.test(this.text[this.position] ?? '')) this.fail('in \\u hexadecimal character escape');
      this.position++;
    }
  }

  private number(): void {
    for (const [pattern, context] of NUMBER_PARTS) {
      pattern.lastIndex = this.position;
      if (!pattern.test(this.text)) {
        this.position += /^[-.eE][+-]?/.exec(this.text.slice(this.position))?.[0].length ?? 0;
        this.fail(context);
      }
      this.position = pattern.lastIndex;
    }
  }

  private word(word: string): void {
    for (const expected of word) {
      if (this.text[this.position] !== expected) this.fail(`in literal ${word} (expecting '${expected}')`);
      this.position++;
    }
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.position;
    SPACE.test(this.text);
    this.position = SPACE.lastIndex;
  }

  private fail(context: string): never {
    if (this.position >= this.text.length) throw new SyntaxFailure('unexpected EOF');
    throw new SyntaxFailure(`invalid character ${quoteByte(this.text.slice(this.position, this.position + 2))} ${context}`);
  }
}

/** The first byte of a text, which is what Go's scanner sees, as a quoted character. */
function quoteByte(text: string): string {
  const character = String.fromCharCode(encodeText(text)[0]!);
  if (character === "'") return "'\\''";
  return character === '"' ? `'"'` : `'${quote(character).slice(1, -1)}'`;
}
