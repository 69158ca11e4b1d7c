import { parseJson } from '@sluice/values';
import { JqSyntaxError } from './errors.ts';

export type Token =
  | { readonly kind: 'name' | 'keyword' | 'variable' | 'field' | 'number' | 'format' | 'symbol'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly parts: ReadonlyArray<string | readonly Token[]> }
  | { readonly kind: 'end'; readonly text: '' };

export const END: Token = { kind: 'end', text: '' };

const KEYWORDS = new Set(
  'or and module import include def as label break null true false if then elif else end try catch reduce foreach'.split(' '),
);
const BLANK = /(?:[ \t\n\r]|#(?:\\(?:\\|\r?\n)?|[^\n\r\\])*)+/y;
const NAME = /[a-zA-Z_]\w*(?:::[a-zA-Z_]\w*)?/y;
const FIELD = /\.[a-zA-Z_]\w*/y;
const VARIABLE = /\$[a-zA-Z_]\w*(?:::[a-zA-Z_]\w*)?/y;
const FORMAT = /@\w+/y;
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]*)?/y;
const WHOLE_NUMBER = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const SYMBOL = /\?\/\/|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[.[\]{}()|,:;=<>+\-*/%?]/y;

/** The tokens of a filter; those between `\(` and `)` of a text stand in its parts. */
export function tokenize(source: string): Token[] {
  const lexer = new Lexer(source);
  const tokens = lexer.tokens();
  if (!lexer.isAtEnd) throw new JqSyntaxError('unexpected token ")"');
  return tokens;
}

class Lexer {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#source.length;
  }

  /** Up to the end, or to a parenthesis that nothing in here opened. */
  tokens(): Token[] {
    const tokens: Token[] = [];
    for (let depth = 0; ; ) {
      this.#take(BLANK);
      if (this.isAtEnd) return tokens;
      const token = this.#token();
      if (token.kind === 'symbol' && token.text === '(') depth++;
      if (token.kind === 'symbol' && token.text === ')' && depth-- === 0) {
        this.#at--;
        return tokens;
      }
      tokens.push(token);
    }
  }

  #token(): Token {
    if (this.#source[this.#at] === '"') return this.#text();
    const number = this.#take(NUMBER);
    if (number !== undefined) return this.#number(number);
    const field = this.#take(FIELD);
    if (field !== undefined) return { kind: 'field', text: field.slice(1) };
    const name = this.#take(NAME);
    if (name !== undefined) return { kind: KEYWORDS.has(name) ? 'keyword' : 'name', text: name };
    const variable = this.#take(VARIABLE);
    if (variable !== undefined) return { kind: 'variable', text: variable };
    const format = this.#take(FORMAT);
    if (format !== undefined) return { kind: 'format', text: format };
    const symbol = this.#take(SYMBOL);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol };
    throw new JqSyntaxError(`unexpected token ${JSON.stringify(String.fromCodePoint(this.#source.codePointAt(this.#at)!))}`);
  }

  #number(text: string): Token {
    const next = this.#source[this.#at] ?? '';
    if (!WHOLE_NUMBER.test(text) || /[a-zA-Z_.]/.test(next)) {
      throw new JqSyntaxError(`invalid token ${JSON.stringify(/[a-zA-Z_.]/.test(next) ? text + next : text)}`);
    }
    return { kind: 'number', text };
  }

  #text(): Token {
    const start = this.#at++;
    const parts: (string | readonly Token[])[] = [];
    let from = this.#at;
    const flush = () => {
      if (this.#at > from) parts.push(unescaped(this.#source.slice(from, this.#at)));
    };
    for (; !this.isAtEnd; this.#at++) {
      const character = this.#source[this.#at];
      if (character === '"') {
        flush();
        this.#at++;
        return { kind: 'text', text: this.#source.slice(start, this.#at), parts };
      }
      if (character !== '\\') continue;
      if (this.#source[this.#at + 1] === '(') {
        flush();
        this.#at += 2;
        parts.push(this.tokens());
        if (this.isAtEnd) throw new JqSyntaxError('unexpected EOF');
        from = this.#at + 1;
        continue;
      }
      const [escaped] = /^\\(?:u[0-9a-fA-F]{4}|["/\\bfnrt])/.exec(this.#source.slice(this.#at, this.#at + 6)) ?? [];
      if (escaped === undefined) {
        if (this.#at + 1 >= this.#source.length) break;
        const [bad] = /^\\(?:u[0-9a-fA-F]{0,3}.?|.)/su.exec(this.#source.slice(this.#at))!;
        throw new JqSyntaxError(`invalid escape sequence "${bad}" in string literal`);
      }
      this.#at += escaped.length - 1;
    }
    throw new JqSyntaxError('unterminated string literal');
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

/** A text may hold control characters as they are, and JSON may not. */
const unescaped = (text: string): string =>
  parseJson(`"${text.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))}"`) as string;
