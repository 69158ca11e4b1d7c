import { BloblangError, unquote } from '@sluice/values';

type TokenKind = 'EOF' | 'Ident' | 'Number' | 'String' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  /** As it is written. */
  readonly text: string;
  readonly start: number;
}

const TOKEN =
  /[ \t\r\n]*(?:([\p{L}_][\p{L}\p{Nd}_]*)|(0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|([^ \t\r\n]|$))/suy;

/** Cuts an expression into tokens, one look ahead. */
export class Scanner {
  private readonly source: string;
  private position = 0;
  private ahead: Token | undefined;

  constructor(source: string) {
    this.source = source;
  }

  peek(): Token {
    this.ahead ??= this.scan();
    return this.ahead;
  }

  next(): Token {
    const token = this.peek();
    this.ahead = undefined;
    return token;
  }

  /** Takes the next token if it is this symbol. */
  accept(symbol: string): boolean {
    const { kind, text } = this.peek();
    if (kind !== 'symbol' || text !== symbol) return false;
    this.ahead = undefined;
    return true;
  }

  /** Puts the characters behind a symbol to it for as long as it is wanted. */
  extend(token: Token, isWanted: (text: string) => boolean): Token {
    let { text } = token;
    this.position = token.start + text.length;
    for (let next = this.source[this.position]; next !== undefined && isWanted(text + next); next = this.source[this.position]) {
      text += next;
      this.position++;
    }
    this.ahead = undefined;
    return { ...token, text };
  }

  /** The error that a token is not what was looked for. */
  unexpected(token: Token, place: string, expected: readonly string[] = []): BloblangError {
    const found = token.kind === 'symbol' ? `"${token.text}"` : token.kind;
    const wanted = expected.length > 1 ? `${expected.slice(0, -1).join(', ')} or ${expected.at(-1)}` : expected.join('');
    return this.failure(token, `unexpected ${found} while scanning ${place}${wanted === '' ? '' : ` expected ${wanted}`}`);
  }

  failure({ start, text }: Token, message: string): BloblangError {
    const place = (offset: number): string => {
      const lines = this.source.slice(0, offset).split('\n');
      return `${lines.length}:${[...lines.at(-1)!].length + 1}`;
    };
    return new BloblangError(`parsing error: ${this.source}\t:${place(start)} - ${place(start + text.length)} ${message}`);
  }

  /** The text that a literal stands for; single quotes are as good as double ones. */
  stringValue(token: Token): string {
    const { text } = token;
    const literal = text[0] === "'" ? `"${text.slice(1, -1).replace(/\\'|"/g, (mark) => (mark === '"' ? '\\"' : "'"))}"` : text;
    const value = unquote(literal);
    if (value === undefined) throw this.failure(token, 'could not parse string: invalid syntax');
    return value;
  }

  private scan(): Token {
    TOKEN.lastIndex = this.position;
    const [whole, identifier, number, string, symbol = ''] = TOKEN.exec(this.source)!;
    this.position += whole.length;
    const text = identifier ?? number ?? string ?? symbol;
    const start = this.position - text.length;
    if (identifier !== undefined) return { kind: 'Ident', text, start };
    if (number !== undefined) return { kind: 'Number', text, start };
    if (string !== undefined) return { kind: 'String', text, start };
    return { kind: text === '' ? 'EOF' : 'symbol', text, start };
  }
}
