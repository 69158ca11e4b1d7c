/** The grammar of gojq. */
// Long: one grammar, whose productions call each other.
import { JqSyntaxError } from './errors.ts';
import { END, type Token, tokenize } from './lexer.ts';
import { parseNumber } from './numbers.ts';
import type { Definition, ObjectField, Operator, Pattern, PatternField, Query } from './syntax.ts';
import { toJson } from './text.ts';

const IDENTITY: Query = { kind: 'identity' };

/** From the loosest to the tightest. */
const LEVELS: ReadonlyArray<{ readonly symbols: readonly string[]; readonly associates: 'left' | 'right' | 'never' }> = [
  { symbols: ['//'], associates: 'right' },
  { symbols: ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='], associates: 'never' },
  { symbols: ['or'], associates: 'left' },
  { symbols: ['and'], associates: 'left' },
  { symbols: ['==', '!=', '<', '<=', '>', '>='], associates: 'never' },
  { symbols: ['+', '-'], associates: 'left' },
  { symbols: ['*', '/', '%'], associates: 'left' },
];

/** @throws {JqSyntaxError} */
export function parseFilter(source: string): Query {
  return new Parser(tokenize(source)).program();
}

/** Functions, as the prelude holds them. */
export const parseDefinitions = (source: string): Definition[] => new Parser(tokenize(source)).definitions();

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** ( Definition* ) or a query. */
  program(): Query {
    const definitions = this.definitions();
    const body = this.#next === END ? IDENTITY : this.query();
    if (this.#next !== END) this.#unexpected();
    return definitions.reduceRight<Query>((inner, definition) => ({ kind: 'define', definition, body: inner }), body);
  }

  definitions(): Definition[] {
    const definitions: Definition[] = [];
    while (this.#is('def')) definitions.push(this.#definition());
    return definitions;
  }

  /** Pipe : Definition Pipe | label $name '|' Pipe | Comma ( '|' Pipe )? | Comma as Patterns '|' Pipe */
  query(): Query {
    if (this.#is('def')) return { kind: 'define', definition: this.#definition(), body: this.query() };
    if (this.#takes('label')) {
      const name = this.#variable();
      this.#expect('|');
      return { kind: 'label', name, body: this.query() };
    }
    let left = this.#bindable();
    while (this.#takes(',')) left = { kind: 'comma', left, right: this.#bindable() };
    return this.#takes('|') ? { kind: 'pipe', left, right: this.query() } : left;
  }

  /** Expression ( as Patterns '|' Query )? */
  #bindable(): Query {
    const source = this.#expression(0);
    if (!this.#takes('as')) return source;
    const patterns = [this.#pattern()];
    while (this.#takes('?//')) patterns.push(this.#pattern());
    this.#expect('|');
    return { kind: 'bind', source, patterns, body: this.query() };
  }

  /** Operations of one level and the tighter ones. */
  #expression(level: number): Query {
    const rules = LEVELS[level];
    if (!rules) return this.#postfix();
    let left = this.#expression(level + 1);
    while (rules.symbols.includes(this.#symbol)) {
      const symbol = this.#advance().text;
      left = operation(symbol, left, this.#expression(rules.associates === 'right' ? level : level + 1));
      if (rules.associates === 'never' && rules.symbols.includes(this.#symbol)) this.#unexpected();
    }
    return left;
  }

  /** Term ( '.name' | '[…]' | '?' | '."text"' )* */
  #postfix(): Query {
    let of = this.#term();
    for (;;) {
      const { kind, text } = this.#peek(0);
      if (kind === 'field') of = { kind: 'index', of, key: { kind: 'literal', value: this.#advance().text } };
      else if (kind === 'symbol' && text === '?') {
        this.#advance();
        of = { kind: 'optional', of };
      } else if (kind === 'symbol' && text === '[') of = this.#bracket(of);
      else if (kind === 'symbol' && text === '.' && (this.#peek(1).kind === 'text' || this.#peek(1).text === '[')) {
        this.#advance();
        of = this.#peek(0).kind === 'text' ? { kind: 'index', of, key: this.#text(undefined) } : this.#bracket(of);
      } else return of;
    }
  }

  #term(): Query {
    const token = this.#advance();
    switch (token.kind) {
      case 'number':
        return { kind: 'literal', value: parseNumber(token.text) };
      case 'text':
        this.#at--;
        return this.#text(undefined);
      case 'format':
        return this.#next.kind === 'text' ? this.#text(token.text) : { kind: 'format', name: token.text };
      case 'field':
        return { kind: 'index', of: IDENTITY, key: { kind: 'literal', value: token.text } };
      case 'variable':
        return { kind: 'variable', name: token.text };
      case 'name':
        return { kind: 'call', name: token.text, args: this.#takes('(') ? this.#args() : [] };
      case 'keyword':
        return this.#keyword(token);
      default:
        return this.#symbolTerm(token);
    }
  }

  #symbolTerm(token: Token): Query {
    switch (token.text) {
      case '.':
        if (this.#next.kind === 'text') return { kind: 'index', of: IDENTITY, key: this.#text(undefined) };
        return this.#symbol === '[' ? this.#bracket(IDENTITY) : IDENTITY;
      case '..':
        return { kind: 'recurse' };
      case '(':
        return this.#closed(')', this.query());
      case '[':
        return this.#takes(']') ? { kind: 'array', items: undefined } : this.#closed(']', { kind: 'array', items: this.query() });
      case '{':
        return this.#object();
      case '-':
        return { kind: 'negate', of: this.#postfix() };
      case '+':
        return { kind: 'plus', of: this.#postfix() };
      default:
        return this.#unexpected(token);
    }
  }

  #keyword(token: Token): Query {
    switch (token.text) {
      case 'null':
        return { kind: 'literal', value: null };
      case 'true':
      case 'false':
        return { kind: 'literal', value: token.text === 'true' };
      case 'if':
        return this.#if();
      case 'try': {
        const body = this.#postfix();
        return { kind: 'try', body, handler: this.#takes('catch') ? this.#postfix() : undefined };
      }
      case 'reduce':
      case 'foreach':
        return this.#fold(token.text);
      case 'break':
        return { kind: 'break', name: this.#variable() };
      case 'def':
        this.#at--;
        return { kind: 'define', definition: this.#definition(), body: this.query() };
      default:
        return this.#unexpected(token);
    }
  }

  #if(): Query {
    const condition = this.query();
    this.#expect('then');
    const then = this.query();
    if (this.#takes('elif')) return { kind: 'if', condition, then, otherwise: this.#if() };
    const otherwise = this.#takes('else') ? this.query() : undefined;
    this.#expect('end');
    return { kind: 'if', condition, then, otherwise };
  }

  #fold(kind: 'reduce' | 'foreach'): Query {
    const source = this.#expression(0);
    this.#expect('as');
    const pattern = this.#pattern();
    this.#expect('(');
    const start = this.query();
    this.#expect(';');
    const update = this.query();
    if (kind === 'reduce') return this.#closed(')', { kind, source, pattern, start, update });
    const extract = this.#takes(';') ? this.query() : undefined;
    return this.#closed(')', { kind, source, pattern, start, update, extract });
  }

  #bracket(of: Query): Query {
    this.#expect('[');
    if (this.#takes(']')) return { kind: 'iterate', of };
    if (this.#takes(':')) return this.#closed(']', { kind: 'slice', of, from: undefined, to: this.query() });
    const key = this.query();
    if (!this.#takes(':')) return this.#closed(']', { kind: 'index', of, key });
    if (this.#takes(']')) return { kind: 'slice', of, from: key, to: undefined };
    return this.#closed(']', { kind: 'slice', of, from: key, to: this.query() });
  }

  #object(): Query {
    const fields: ObjectField[] = [];
    while (!this.#takes('}')) {
      fields.push(this.#objectField());
      if (!this.#takes(',')) {
        this.#expect('}');
        break;
      }
    }
    return { kind: 'object', fields };
  }

  #objectField(): ObjectField {
    const token = this.#next;
    if (this.#takes('(')) {
      const key = this.#closed(')', this.query());
      this.#expect(':');
      return { key, value: this.#objectValue() };
    }
    const key: Query = token.kind === 'text' ? this.#text(undefined) : { kind: 'literal', value: this.#key() };
    if (this.#takes(':')) {
      if (token.kind === 'variable') return { key: { kind: 'variable', name: token.text }, value: this.#objectValue() };
      return { key, value: this.#objectValue() };
    }
    if (token.kind === 'variable')
      return { key: { kind: 'literal', value: token.text.slice(1) }, value: { kind: 'variable', name: token.text } };
    return { key, value: { kind: 'index', of: IDENTITY, key } };
  }

  #objectValue(): Query {
    const left = this.#expression(0);
    return this.#takes('|') ? { kind: 'pipe', left, right: this.#objectValue() } : left;
  }

  #key(): string {
    const { kind, text } = this.#next;
    if (kind !== 'name' && kind !== 'variable' && kind !== 'keyword') this.#unexpected();
    this.#advance();
    return text;
  }

  #text(format: string | undefined): Query {
    const token = this.#advance();
    if (token.kind !== 'text') return this.#unexpected(token);
    const parts = token.parts.map((part) => (typeof part === 'string' ? part : new Parser(part).#whole()));
    if (parts.length === 0) return { kind: 'literal', value: '' };
    const [only] = parts;
    return parts.length === 1 && typeof only === 'string' ? { kind: 'literal', value: only } : { kind: 'text', format, parts };
  }

  #whole(): Query {
    const query = this.query();
    return this.#next === END ? query : this.#unexpected();
  }

  #pattern(): Pattern {
    if (this.#next.kind === 'variable') return { kind: 'name', name: this.#advance().text };
    if (this.#takes('[')) return { kind: 'array', items: this.#patterns(']', () => this.#pattern()) };
    this.#expect('{');
    return { kind: 'object', fields: this.#patterns('}', () => this.#patternField()) };
  }

  #patterns<T>(end: string, parse: () => T): T[] {
    const items = [parse()];
    while (this.#takes(',')) items.push(parse());
    this.#expect(end);
    return items;
  }

  #patternField(): PatternField {
    const token = this.#next;
    if (token.kind === 'variable') {
      this.#advance();
      const key: Query = { kind: 'literal', value: token.text.slice(1) };
      return { key, name: token.text, pattern: this.#takes(':') ? this.#pattern() : undefined };
    }
    const key: Query = this.#takes('(')
      ? this.#closed(')', this.query())
      : token.kind === 'text'
        ? this.#text(undefined)
        : { kind: 'literal', value: this.#key() };
    this.#expect(':');
    return { key, name: undefined, pattern: this.#pattern() };
  }

  #definition(): Definition {
    this.#expect('def');
    const name = this.#advance();
    if (name.kind !== 'name') this.#unexpected(name);
    const parameters: string[] = [];
    if (this.#takes('(')) {
      do {
        const parameter = this.#advance();
        if (parameter.kind !== 'name' && parameter.kind !== 'variable') this.#unexpected(parameter);
        parameters.push(parameter.text);
      } while (this.#takes(';'));
      this.#expect(')');
    }
    this.#expect(':');
    const body = this.query();
    this.#expect(';');
    return { name: name.text, parameters, body };
  }

  #args(): Query[] {
    const args = [this.query()];
    while (this.#takes(';')) args.push(this.query());
    this.#expect(')');
    return args;
  }

  #variable(): string {
    if (this.#next.kind !== 'variable') this.#unexpected();
    return this.#advance().text;
  }

  get #next(): Token {
    return this.#peek(0);
  }

  /** The text of the next token where it is a symbol or a keyword. */
  get #symbol(): string {
    const { kind, text } = this.#next;
    return kind === 'symbol' || kind === 'keyword' ? text : '';
  }

  #peek(ahead: number): Token {
    return this.#tokens[this.#at + ahead] ?? END;
  }

  #advance(): Token {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #is(text: string): boolean {
    return text !== '' && this.#symbol === text;
  }

  #takes(text: string): boolean {
    const isThere = this.#is(text);
    if (isThere) this.#at++;
    return isThere;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) this.#unexpected();
  }

  #closed(by: string, query: Query): Query {
    this.#expect(by);
    return query;
  }

  #unexpected(token: Token = this.#next): never {
    if (token === END) throw new JqSyntaxError('unexpected EOF');
    const text = token.kind === 'field' ? `.${token.text}` : token.text;
    throw new JqSyntaxError(`unexpected token ${toJson(text)}`);
  }
}

function operation(symbol: string, left: Query, right: Query): Query {
  switch (symbol) {
    case '//':
      return { kind: 'alternative', left, right };
    case 'and':
    case 'or':
      return { kind: symbol, left, right };
    case '=':
    case '|=':
    case '//=':
      return { kind: 'update', operator: symbol, left, right };
    case '+=':
    case '-=':
    case '*=':
    case '/=':
    case '%=':
      return { kind: 'update', operator: symbol.slice(0, -1) as Operator, left, right };
    default:
      return { kind: 'operation', operator: symbol as Operator, left, right };
  }
}
