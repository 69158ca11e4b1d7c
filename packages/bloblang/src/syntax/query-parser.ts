// Long: one production of the grammar after another.
import { decodeText } from '@sluice/values';
import type { Argument, Expression, MatchCase, ObjectEntry, Operator } from './ast.ts';
import type { Builder } from './builder.ts';
import { Failure } from './failure.ts';
import { parseLiteralNumber, unquote } from './literal-text.ts';
import { Scanner } from './scanner.ts';

/** How deep queries and blocks may nest. Far beyond what people write, and far within the stack. */
const MAX_DEPTH = 200;
/** How many operands an expression, and how many methods and path segments a term may have. */
const MAX_CHAIN = 1000;

const OPERATORS: readonly Operator[] = ['+', '-', '/', '*', '%', '&&', '||', '==', '!=', '>=', '<=', '>', '<', '|'];

/** The names that lambdas around the place being parsed have bound. */
interface Names {
  readonly name: string;
  readonly outer: Names | null;
}

/**
 * Parses the right-hand side of a statement. Nodes are made by the builder, which folds constants and checks calls at
 * once, so that its errors come in the order of the source, as in the original.
 *
 * Long: one grammar, whose productions call each other.
 */
export class QueryParser extends Scanner {
  protected readonly builder: Builder;
  private names: Names | null = null;
  private depth = 0;
  /** Queries by position, since alternatives that fail late would parse deeply nested ones again and again. */
  private readonly parsed = new Map<number, { names: Names | null; result: Expression | Failure; end: number }>();

  constructor(source: string, builder: Builder) {
    super(source);
    this.builder = builder;
  }

  /** Query : Blanks? Arithmetic */
  protected query(): Expression {
    this.skipBlanks();
    const start = this.position;
    const known = this.parsed.get(start);
    if (known !== undefined && known.names === this.names) {
      if (known.result instanceof Failure) throw known.result;
      this.position = known.end;
      return known.result;
    }
    const names = this.names;
    const result = this.nested(() => this.attempt(() => this.arithmetic()));
    this.parsed.set(start, { names, result, end: this.position });
    if (result instanceof Failure) throw result;
    return result;
  }

  /** Runs a production one level deeper. */
  protected nested<T>(parse: () => T): T {
    if (this.depth >= MAX_DEPTH) this.failFor(`nesting exceeds the maximum depth of ${MAX_DEPTH}`, this.position);
    this.depth++;
    try {
      return parse();
    } finally {
      this.depth--;
    }
  }

  /** Arithmetic : Operand ( Blanks? Operator Gap Operand )* */
  private arithmetic(): Expression {
    const start = this.position;
    const operands = [this.operand(start)];
    const operators: Operator[] = [];
    for (;;) {
      const operator = this.attempt(() => this.operator());
      if (operator instanceof Failure) return this.building(start, () => this.builder.arithmetic(operands, operators));
      this.checkChain(operators.length);
      operators.push(operator);
      operands.push(this.operand(start));
    }
  }

  private checkChain(length: number): void {
    if (length >= MAX_CHAIN) this.failFor(`a chain exceeds the maximum length of ${MAX_CHAIN}`, this.position);
  }

  private operator(): Operator {
    this.skipBlanks();
    const found = OPERATORS.find((operator) => this.isNext(operator)) ?? this.fail('operator');
    this.position += found.length;
    this.skipGap();
    return found;
  }

  /** Operand : ( `-` Gap )? Term */
  private operand(start: number): Expression {
    const isNegative = this.isNext('-');
    if (isNegative) {
      this.position++;
      this.skipGap();
    }
    const operand = this.termWithTails();
    return isNegative ? this.building(start, () => this.builder.negative(operand)) : operand;
  }

  /** Term : ( `!` Blanks? )? Primary ( `.` Gap Tail )* */
  private termWithTails(): Expression {
    const isNot = this.isNext('!');
    if (isNot) {
      this.position++;
      this.skipBlanks();
    }
    let term = this.expect('query', () => this.primary());
    let path: string[] = [];
    for (let tails = 0; this.isNext('.'); tails++) {
      this.checkChain(tails);
      this.position++;
      this.skipGap();
      const target = term;
      const segments = path;
      const tail = this.mustBe(() => this.tail(() => this.withPath(target, segments)));
      if (typeof tail === 'string') {
        path.push(tail);
      } else {
        term = tail;
        path = [];
      }
    }
    term = this.withPath(term, path);
    return isNot ? this.builder.not(term) : term;
  }

  private withPath(target: Expression, path: readonly string[]): Expression {
    return path.length === 0 ? target : this.builder.path(target, path);
  }

  /** Tail : `(` Gap Query Gap `)` | Method | PathSegment   — the last comes back as a string. */
  private tail(target: () => Expression): Expression | string {
    return this.oneOf<Expression | string>(
      () => {
        this.expect('method', () => this.term('('));
        this.skipGap();
        const body = this.query();
        this.skipGap();
        this.term(')');
        return this.builder.map(target(), body);
      },
      () => {
        const name = this.expect('method', () => this.snakeCase());
        const args = this.callArguments();
        return this.building(this.position, () => this.builder.method(name, target(), args));
      },
      () => this.pathSegment(),
    );
  }

  /** PathSegment : Identifier | QuotedString */
  private pathSegment(): string {
    return this.expect('field path', () =>
      this.oneOf(
        () => this.identifier(),
        () => this.quotedString(),
      ),
    );
  }

  /** Primary : Match | If | Lambda | Brackets | Literal | Function | Metadata | Variable | Root */
  private primary(): Expression {
    return this.oneOf(
      () => this.matchExpression(),
      () => this.ifExpression(),
      () => this.lambda(),
      () => this.brackets(),
      () => this.literal(),
      () => this.functionCall(),
      () => this.metadataReference(),
      () => this.variableReference(),
      () => this.rootReference(),
    );
  }

  /** Match : `match` Blanks Query? Gap `{` Gap ( MatchCase ( ( `,` | LineEnd ) Gap MatchCase )* )? Gap `}` */
  private matchExpression(): Expression {
    this.term('match');
    this.blanks();
    const subject = this.optional(() => this.query()) ?? null;
    this.skipGap();
    const cases = this.mustBe(() =>
      this.delimited(
        () => this.opening('{'),
        () => this.matchCase(),
        () => {
          this.skipBlanks();
          this.oneOf(
            () => this.term(','),
            () => this.lineEnd(),
          );
          this.skipGap();
        },
        () => this.closing('}'),
      ),
    );
    return this.builder.match(subject, cases);
  }

  /** MatchCase : ( `_` | Query ) Blanks? `=>` Query */
  private matchCase(): MatchCase {
    const arrow = (): void => {
      this.skipBlanks();
      this.term('=>');
    };
    const pattern = this.oneOf(
      () => {
        this.expect('match case', () => this.term('_'));
        arrow();
        return null;
      },
      () => {
        const query = this.expect('match case', () => this.query());
        arrow();
        return query;
      },
    );
    this.skipBlanks();
    return { pattern, result: this.query() };
  }

  /** If : `if` Condition Block ( Gap `else if` Condition Block )* ( Gap `else` Block )? */
  private ifExpression(): Expression {
    const branch = (keyword: string) => {
      this.term(keyword);
      this.blanks();
      const condition = this.mustBe(() => this.query());
      return { condition, result: this.block() };
    };
    const branches = [branch('if')];
    for (;;) {
      const next = this.optional(() => {
        this.skipGap();
        return branch('else if');
      });
      if (next === undefined) break;
      branches.push(next);
    }
    const otherwise = this.optional(() => {
      this.skipGap();
      this.term('else');
      return this.block();
    });
    return this.builder.if(branches, otherwise ?? null);
  }

  /** Block : Gap `{` Gap Query Gap `}` */
  private block(): Expression {
    this.skipGap();
    this.mustBe(() => this.term('{'));
    this.skipGap();
    const result = this.mustBe(() => this.query());
    this.skipGap();
    this.mustBe(() => this.term('}'));
    return result;
  }

  /** Lambda : Identifier Blanks `->` Blanks Query */
  private lambda(): Expression {
    const start = this.position;
    const name = this.expect('function', () => {
      const found = this.identifier();
      this.blanks();
      this.term('->');
      this.blanks();
      return found;
    });
    const outer = this.names;
    if (name !== '_') {
      if (this.isBound(name)) this.failFor(`context label \`${name}\` would shadow a parent context`, start);
      if (name === 'root' || name === 'this') this.failFor(`context label \`${name}\` is not allowed`, start);
      this.names = { name, outer };
    }
    try {
      const body = this.mustBe(() => this.query());
      if (body.kind === 'lambda') {
        this.failFor(`it would be in poor taste to capture the same context under both '${name}' and '${body.name}'`, start);
      }
      return this.builder.lambda(name, body);
    } finally {
      this.names = outer;
    }
  }

  private isBound(name: string): boolean {
    for (let entry = this.names; entry !== null; entry = entry.outer) {
      if (entry.name === name) return true;
    }
    return false;
  }

  /** Brackets : `(` Gap Query Gap `)` */
  private brackets(): Expression {
    this.expect('function', () => this.term('('));
    this.skipGap();
    const inner = this.query();
    this.skipGap();
    this.mustBe(() => this.expect('closing bracket', () => this.term(')')));
    return inner;
  }

  /** Literal : `true` | `false` | Number | String | `null` | Array | Object */
  private literal(): Expression {
    return this.oneOf(
      () => this.boolean(),
      () => this.number(),
      () => this.builder.literal(this.tripleQuotedString()),
      () => this.builder.literal(this.quotedString()),
      () => {
        this.term('null');
        return this.builder.literal(null);
      },
      () => this.array(),
      () => this.object(),
    );
  }

  private boolean(): Expression {
    const isTrue = this.isNext('true');
    if (!isTrue && !this.isNext('false')) this.fail('boolean');
    this.position += isTrue ? 4 : 5;
    return this.builder.literal(isTrue);
  }

  /** Number : `-`? [0-9]+ ( `.` [0-9]+ )? */
  private number(): Expression {
    const start = this.position;
    if (this.isNext('-')) this.position++;
    if (this.digits() === null) this.fail('number');
    const afterInteger = this.position;
    if (this.isNext('.')) {
      this.position++;
      if (this.digits() === null) this.position = afterInteger;
    }
    const text = this.source.slice(start, this.position);
    return this.building(start, () => this.builder.literal(parseLiteralNumber(text)));
  }

  /** TripleQuotedString : `"""` any* `"""`   — nothing is escaped. */
  private tripleQuotedString(): string {
    if (!this.isNext('"""') || this.source.length - this.position < 6) this.fail('quoted string');
    const end = this.source.indexOf('"""', this.position + 3);
    if (end === -1) this.failFor('required', this.source.length, ['end triple-quote']);
    const text = this.source.slice(this.position + 3, end);
    this.position = end + 3;
    return text;
  }

  /** QuotedString : `"` ( escape | any )* `"`   — the escapes are those of Go. */
  protected quotedString(): string {
    const start = this.position;
    if (!this.isNext('"')) this.fail('quoted string');
    let end = start + 1;
    while (end < this.source.length && this.source[end] !== '"') end += this.source[end] === '\\' ? 2 : 1;
    if (end >= this.source.length) this.failFor('required', this.source.length, ['end quote']);
    const text = unquote(this.source.slice(start + 1, end));
    if (text === null) this.failFor('failed to unescape quoted string contents: invalid syntax', start);
    this.position = end + 1;
    return typeof text === 'string' ? text : decodeText(text);
  }

  /** Array : `[` Gap ( Query ( Blanks? `,` Gap Query )* `,`? )? Gap `]` */
  private array(): Expression {
    const elements = this.delimited(
      () => this.expect('array', () => this.opening('[')),
      () => this.expect('object', () => this.query()),
      () => this.comma(),
      () => this.closing(']'),
    );
    return this.builder.array(elements);
  }

  /** Object : `{` Gap ( Entry ( Blanks? `,` Gap Entry )* `,`? )? Gap `}` */
  private object(): Expression {
    const start = this.position;
    const entries = this.delimited(
      () => this.expect('object', () => this.opening('{')),
      () => this.entry(),
      () => this.comma(),
      () => this.closing('}'),
    );
    return this.building(start, () => this.builder.object(entries));
  }

  /** Entry : ( QuotedString | Query ) Blanks? `:` Gap Query */
  private entry(): ObjectEntry {
    const key = this.oneOf<string | Expression>(
      () => this.quotedString(),
      () => this.expect('object', () => this.query()),
    );
    this.skipBlanks();
    this.term(':');
    this.skipGap();
    return { key, value: this.expect('object', () => this.query()) };
  }

  /** Function : SnakeCase Arguments */
  private functionCall(): Expression {
    const name = this.expect('function', () => this.snakeCase());
    const args = this.callArguments();
    return this.building(this.position, () => this.builder.function(name, args));
  }

  /** Arguments : `(` Gap ( Argument ( Blanks? `,` Gap Argument )* `,`? )? Gap `)` */
  private callArguments(): Argument[] {
    return this.delimited(
      () => this.expect('function arguments', () => this.opening('(')),
      () => this.mustBe(() => this.expect('function argument', () => this.argument())),
      () => this.mustBe(() => this.expect('comma', () => this.comma())),
      () => this.mustBe(() => this.expect('closing bracket', () => this.closing(')'))),
    );
  }

  /** Argument : ( SnakeCase `:` Blanks? )? Query */
  private argument(): Argument {
    return this.oneOf<Argument>(
      () => {
        const name = this.snakeCase();
        this.term(':');
        this.skipBlanks();
        return { name, value: this.mustBe(() => this.expect('argument value', () => this.query())) };
      },
      () => ({ name: null, value: this.query() }),
    );
  }

  /** Metadata : `@` ( Identifier | QuotedString )? */
  private metadataReference(): Expression {
    this.expect('metadata path', () => this.term('@'));
    const key = this.optional(() =>
      this.oneOf(
        () => this.identifier(),
        () => this.quotedString(),
      ),
    );
    return this.builder.metadata(key ?? '');
  }

  /** Variable : `$` Identifier */
  private variableReference(): Expression {
    const name = this.expect('variable path', () => {
      this.term('$');
      return this.identifier();
    });
    return this.builder.variable(name);
  }

  /** Root : Identifier   — `this`, `root`, a name that a lambda bound, or short for `this.name`. */
  private rootReference(): Expression {
    const name = this.expect('field path', () => this.identifier());
    return this.builder.reference(name, this.isBound(name));
  }

  protected opening(bracket: string): void {
    this.term(bracket);
    this.skipGap();
  }

  protected closing(bracket: string): void {
    this.skipGap();
    this.term(bracket);
  }

  private comma(): void {
    this.skipBlanks();
    this.term(',');
    this.skipGap();
  }

  /** Makes a node; what the builder refuses is a parse error at `position`. */
  private building<T>(position: number, build: () => T): T {
    try {
      return build();
    } catch (error) {
      if (error instanceof Failure || !(error instanceof Error)) throw error;
      throw new Failure(position, [], error.message);
    }
  }
}
