/** Queries as trees, by the grammar and the binding powers of go-jmespath. */
import type { Value } from '@sluice/values';
import { JmespathSyntaxError } from './errors.ts';
import { type Token, type TokenType, tokenize } from './lexer.ts';

export type Comparator = 'tEQ' | 'tNE' | 'tLT' | 'tLTE' | 'tGT' | 'tGTE';
export type Slice = readonly [start: number | undefined, stop: number | undefined, step: number | undefined];

export type Node =
  | { readonly kind: 'current' }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly slice: Slice }
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'hash'; readonly entries: ReadonlyArray<readonly [string, Node]> }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'not' | 'expref' | 'flatten'; readonly operand: Node }
  | { readonly kind: 'then' | 'or' | 'and' | 'project' | 'projectValues'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'compare'; readonly comparator: Comparator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'filter'; readonly left: Node; readonly right: Node; readonly condition: Node };

const POWERS: { readonly [Type in TokenType]?: number } = {
  ...{ tPipe: 1, tOr: 2, tAnd: 3, tEQ: 5, tLT: 5, tLTE: 5, tGT: 5, tGTE: 5, tNE: 5 },
  ...{ tFlatten: 9, tStar: 20, tFilter: 21, tDot: 40, tNot: 45, tLbrace: 50, tLbracket: 55, tLparen: 60 },
};

/** Below it a projection ends. */
const PROJECTION_ENDS = 10;
const CURRENT: Node = { kind: 'current' };

/** @throws {JmespathSyntaxError} or BloblangError, for a literal that is no JSON */
export function parseQuery(query: string): Node {
  const parser = new Parser(tokenize(query));
  const tree = parser.expression(0);
  if (parser.next !== 'tEOF') parser.fail(`Unexpected token at the end of the expression: ${parser.next}`);
  return tree;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get next(): TokenType {
    return this.#token(0).type;
  }

  fail(reason: string): never {
    throw new JmespathSyntaxError(`SyntaxError: ${reason}`);
  }

  expression(power: number): Node {
    let left = this.#beginning(this.#advance());
    while (power < powerOf(this.next)) left = this.#continuation(this.#advance(), left);
    return left;
  }

  /** What begins an expression. */
  #beginning({ type, value }: Token): Node {
    switch (type) {
      case 'tJSONLiteral':
      case 'tStringLiteral':
        return { kind: 'literal', value };
      case 'tUnquotedIdentifier':
        return { kind: 'field', name: value as string };
      case 'tQuotedIdentifier':
        if (this.next === 'tLparen') this.fail("Can't have quoted identifier as function name.");
        return { kind: 'field', name: value as string };
      case 'tStar':
        return { kind: 'projectValues', left: CURRENT, right: this.next === 'tRbracket' ? CURRENT : this.#projected('tStar') };
      case 'tFilter':
        return this.#filter(CURRENT);
      case 'tLbrace':
        return this.#hash();
      case 'tFlatten':
        return { kind: 'project', left: { kind: 'flatten', operand: CURRENT }, right: this.#projected('tFlatten') };
      case 'tLbracket':
        return this.#bracket();
      case 'tCurrent':
        return CURRENT;
      case 'tExpref':
        return { kind: 'expref', operand: this.expression(powerOf('tExpref')) };
      case 'tNot':
        return { kind: 'not', operand: this.expression(powerOf('tNot')) };
      case 'tLparen':
        return this.#closed('tRparen', this.expression(0));
      case 'tEOF':
        return this.fail('Incomplete expression');
      default:
        return this.fail(`Invalid token: ${type}`);
    }
  }

  /** What goes on behind an expression. */
  #continuation({ type }: Token, left: Node): Node {
    switch (type) {
      case 'tDot':
        if (this.next !== 'tStar') return { kind: 'then', left, right: this.#behindDot(powerOf('tDot')) };
        this.#advance();
        return { kind: 'projectValues', left, right: this.#projected('tDot') };
      case 'tPipe':
        return { kind: 'then', left, right: this.expression(powerOf(type)) };
      case 'tOr':
        return { kind: 'or', left, right: this.expression(powerOf(type)) };
      case 'tAnd':
        return { kind: 'and', left, right: this.expression(powerOf(type)) };
      case 'tLparen':
        return left.kind === 'field' ? this.#call(left.name) : this.fail(`Unexpected token: ${type}`);
      case 'tFilter':
        return this.#filter(left);
      case 'tFlatten':
        return { kind: 'project', left: { kind: 'flatten', operand: left }, right: this.#projected('tFlatten') };
      case 'tEQ':
      case 'tNE':
      case 'tGT':
      case 'tGTE':
      case 'tLT':
      case 'tLTE':
        return { kind: 'compare', comparator: type, left, right: this.expression(powerOf(type)) };
      case 'tLbracket':
        if (this.#isIndex()) return this.#index(left);
        this.#match('tStar');
        this.#match('tRbracket');
        return { kind: 'project', left, right: this.#projected('tStar') };
      default:
        return this.fail(`Unexpected token: ${type}`);
    }
  }

  #bracket(): Node {
    if (this.#isIndex()) return this.#index(CURRENT);
    if (this.next !== 'tStar' || this.#token(1).type !== 'tRbracket') return this.#list();
    this.#advance();
    this.#advance();
    return { kind: 'project', left: CURRENT, right: this.#projected('tStar') };
  }

  /** Of `[1]` and `[1:2]`, behind the bracket; a slice projects. */
  #index(left: Node): Node {
    if (this.next !== 'tColon' && this.#token(1).type !== 'tColon') {
      return { kind: 'then', left, right: this.#closed('tRbracket', { kind: 'index', index: this.#number() }) };
    }
    const parts: [number?, number?, number?] = [];
    for (let part = 0; this.next !== 'tRbracket' && part < 3; ) {
      if (this.next === 'tColon') {
        part++;
        this.#advance();
      } else if (this.next === 'tNumber') parts[part] = this.#number();
      else this.fail(`Expected tColon or tNumber, received: ${this.next}`);
    }
    const sliced: Node = this.#closed('tRbracket', { kind: 'slice', slice: [parts[0], parts[1], parts[2]] });
    return { kind: 'project', left: { kind: 'then', left, right: sliced }, right: this.#projected('tStar') };
  }

  #number(): number {
    const digits = this.#advance().value as string;
    if (digits === '-') throw new JmespathSyntaxError('strconv.Atoi: parsing "-": invalid syntax');
    return Number(digits);
  }

  #call(name: string): Node {
    const args: Node[] = [];
    while (this.next !== 'tRparen') {
      args.push(this.expression(0));
      this.#takes('tComma');
    }
    return this.#closed('tRparen', { kind: 'call', name, args });
  }

  #filter(left: Node): Node {
    const condition = this.#closed('tRbracket', this.expression(0));
    const right = this.next === 'tFlatten' ? CURRENT : this.#projected('tFilter');
    return { kind: 'filter', left, right, condition };
  }

  #list(): Node {
    const items = [this.expression(0)];
    while (this.next !== 'tRbracket') {
      this.#match('tComma');
      items.push(this.expression(0));
    }
    return this.#closed('tRbracket', { kind: 'list', items });
  }

  #hash(): Node {
    const entries: (readonly [string, Node])[] = [];
    for (;;) {
      if (this.next !== 'tUnquotedIdentifier' && this.next !== 'tQuotedIdentifier') {
        this.fail('Expected tQuotedIdentifier or tUnquotedIdentifier');
      }
      const name = this.#advance().value as string;
      this.#match('tColon');
      entries.push([name, this.expression(0)]);
      if (this.#takes('tRbrace')) return { kind: 'hash', entries };
      this.#takes('tComma');
    }
  }

  #behindDot(power: number): Node {
    if (this.next === 'tQuotedIdentifier' || this.next === 'tUnquotedIdentifier' || this.next === 'tStar') return this.expression(power);
    const { type } = this.#token(0);
    if (type !== 'tLbracket' && type !== 'tLbrace') return this.fail('Expected identifier, lbracket, or lbrace');
    this.#advance();
    return type === 'tLbracket' ? this.#list() : this.#hash();
  }

  /** What is done with each element of a projection. */
  #projected(by: TokenType): Node {
    const power = powerOf(by);
    if (powerOf(this.next) < PROJECTION_ENDS) return CURRENT;
    if (this.next === 'tLbracket' || this.next === 'tFilter') return this.expression(power);
    if (this.next !== 'tDot') return this.fail('Error');
    this.#advance();
    return this.#behindDot(power);
  }

  #isIndex(): boolean {
    return this.next === 'tNumber' || this.next === 'tColon';
  }

  #closed(by: TokenType, node: Node): Node {
    this.#match(by);
    return node;
  }

  /** Takes a token that may be there. */
  #takes(type: TokenType): boolean {
    const isThere = this.next === type;
    if (isThere) this.#advance();
    return isThere;
  }

  #match(type: TokenType): void {
    if (this.next !== type) this.fail(`Expected ${type}, received: ${this.next}`);
    this.#advance();
  }

  #advance(): Token {
    const token = this.#token(0);
    this.#at++;
    return token;
  }

  /** Behind the last one there is nothing but the end. */
  #token(ahead: number): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }
}

const powerOf = (type: TokenType): number => POWERS[type] ?? 0;
