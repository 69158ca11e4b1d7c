import { Failure } from './failure.ts';

const DIGITS = /[0-9]+/y;
const IDENTIFIER = /[A-Za-z0-9_]+/y;
const SNAKE_CASE = /[a-z0-9_]+/y;
const BLANKS = /[ \t]+/y;
const LINE_BREAK = /\r?\n/y;

/**
 * Reads a source without tokens, as the original does: each production decides which blanks it accepts.
 * A production that does not match throws a {@link Failure}; the production that tries alternatives restores the position.
 */
export class Scanner {
  readonly source: string;
  protected position = 0;

  constructor(source: string) {
    this.source = source;
  }

  protected isAtEnd(): boolean {
    return this.position >= this.source.length;
  }

  protected fail(expected: string, position = this.position): never {
    throw new Failure(position, [expected]);
  }

  protected failFor(reason: string, position: number, expected: readonly string[] = []): never {
    throw new Failure(position, expected, reason);
  }

  // Combinators

  /** The first alternative that matches, or the failure of those that got furthest. */
  protected oneOf<T>(...alternatives: ReadonlyArray<() => T>): T {
    const start = this.position;
    let furthest: Failure | null = null;
    for (const parse of alternatives) {
      this.position = start;
      try {
        return parse();
      } catch (error) {
        if (!(error instanceof Failure) || error.fatal !== null) throw error;
        if (furthest === null || error.position > furthest.position) furthest = error;
        else if (error.position === furthest.position) furthest = furthest.joinedWith(error);
      }
    }
    this.position = start;
    throw furthest;
  }

  protected expect<T>(name: string, parse: () => T): T {
    return this.recast(parse, (failure) => failure.renamed(name));
  }

  protected mustBe<T>(parse: () => T): T {
    return this.recast(parse, (failure) => failure.required());
  }

  protected optional<T>(parse: () => T): T | undefined {
    const start = this.position;
    const result = this.attempt(parse);
    if (!(result instanceof Failure)) return result;
    if (result.fatal !== null) throw result;
    this.position = start;
    return undefined;
  }

  /** The result, or the failure as a value; the position is put back on failure. */
  protected attempt<T>(parse: () => T): T | Failure {
    const start = this.position;
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.position = start;
      return error;
    }
  }

  /**
   * Delimited : start ( item ( delimiter item )* delimiter? )? stop
   *
   * The stop is tried wherever an item or a delimiter is missing, even for a fatal reason: that is how `f()` parses.
   */
  protected delimited<T>(start: () => void, item: () => T, delimiter: () => void, stop: () => void): T[] {
    start();
    const items: T[] = [];
    for (;;) {
      const next = this.attempt(item);
      if (next instanceof Failure) {
        if (this.attempt(stop) instanceof Failure) throw next;
        return items;
      }
      items.push(next);
      const missing = this.attempt(delimiter);
      if (missing instanceof Failure) {
        const unstopped = this.attempt(stop);
        if (unstopped instanceof Failure) throw missing.joinedWith(unstopped);
        return items;
      }
    }
  }

  private recast<T>(parse: () => T, change: (failure: Failure) => Failure): T {
    try {
      return parse();
    } catch (error) {
      throw error instanceof Failure ? change(error) : error;
    }
  }

  // Terminals

  protected term(text: string): void {
    if (!this.source.startsWith(text, this.position)) this.fail(text);
    this.position += text.length;
  }

  protected isNext(text: string): boolean {
    return this.source.startsWith(text, this.position);
  }

  protected match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0] ?? null;
    if (found !== null) this.position += found.length;
    return found;
  }

  /** Digits : [0-9]+ */
  protected digits(): string | null {
    return this.match(DIGITS);
  }

  /** Identifier : [A-Za-z0-9_]+ */
  protected identifier(): string {
    return this.match(IDENTIFIER) ?? this.fail('identifier');
  }

  /** SnakeCase : [a-z0-9_]+ */
  protected snakeCase(): string {
    return this.match(SNAKE_CASE) ?? this.fail('snake-case');
  }

  /** Blanks : ( space | tab )+ */
  protected blanks(): void {
    if (this.match(BLANKS) === null) this.fail('whitespace');
  }

  protected skipBlanks(): void {
    this.match(BLANKS);
  }

  /** LineEnd : ( `#` any* )? Newline   — a comment needs its line break, even at the end of the source. */
  protected lineEnd(): void {
    if (this.isNext('#')) {
      const end = this.source.indexOf('\n', this.position);
      this.position = end === -1 ? this.source.length : end;
    }
    if (this.match(LINE_BREAK) === null) this.fail('line break');
  }

  /** Gap : ( Blanks | LineEnd )* */
  protected skipGap(): void {
    for (;;) {
      const start = this.position;
      this.skipBlanks();
      if (this.attempt(() => this.lineEnd()) instanceof Failure && this.position === start) return;
    }
  }
}
