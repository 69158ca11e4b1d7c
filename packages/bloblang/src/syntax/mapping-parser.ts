import type { Expression, MapDeclaration, Program, Statement, StatementBranch } from './ast.ts';
import type { Builder } from './builder.ts';
import { Failure } from './failure.ts';
import { ImportError, type Importer } from './importer.ts';
import { BloblangParseError } from './parse-error.ts';
import { QueryParser } from './query-parser.ts';

/** How deep imports may go; a file that imports itself would never end. */
const MAX_IMPORT_DEPTH = 50;

/** What is allowed where a statement stands. */
interface Place {
  /** Where `import` and `map` go, or `null` within a block. */
  readonly maps: Map<string, MapDeclaration> | null;
  readonly isMetaAllowed: boolean;
  /** The position that lines are counted from: that of the map the statement belongs to. */
  readonly origin: number;
}

/** Parses a mapping. Throws {@link BloblangParseError}. */
export function parseProgram(source: string, builder: Builder, importer: Importer): Program {
  return new MappingParser(source, builder, importer, 0).parse();
}

class MappingParser extends QueryParser {
  private readonly importer: Importer;
  private readonly importDepth: number;
  private readonly lineBreaks: readonly number[];

  constructor(source: string, builder: Builder, importer: Importer, importDepth: number) {
    super(source, builder);
    this.importer = importer;
    this.importDepth = importDepth;
    this.lineBreaks = [...source.matchAll(/\n/g)].map(({ index }) => index);
  }

  /** Mapping : RootImport | Statements | Query   — of the last two, the one that gets further. */
  parse(): Program {
    const imported = this.attempt(() => this.rootImport());
    if (!(imported instanceof Failure)) return imported;
    this.throwIfFatal(imported);
    const statements = this.attempt(() => this.statements());
    if (!(statements instanceof Failure)) return statements;
    this.throwIfFatal(statements);
    this.position = 0;
    const single = this.attempt(() => this.singleQuery());
    if (!(single instanceof Failure)) return single;
    throw BloblangParseError.of(this.source, single.position > statements.position ? single : statements);
  }

  private throwIfFatal(failure: Failure): void {
    if (failure.fatal !== null) throw BloblangParseError.of(this.source, failure);
  }

  /** RootImport : Gap `from` Blanks QuotedString Gap */
  private rootImport(): Program {
    this.skipGap();
    this.term('from');
    this.blanks();
    const path = this.quotedString();
    this.skipGap();
    const program = this.importFile(path, 0);
    if (!this.isAtEnd()) this.failFor(`unexpected content after single root import: ${this.source.slice(this.position)}`, 0);
    return program;
  }

  /** Statements : Gap Statement ( Blanks? LineEnd Gap Statement )* Gap */
  private statements(): Program {
    const maps = new Map<string, MapDeclaration>();
    const place: Place = { maps, isMetaAllowed: true, origin: 0 };
    const statements: Statement[] = [];
    this.skipGap();
    do {
      const statement = this.statement(place);
      if (statement !== null) statements.push(statement);
    } while (this.hasMore());
    return { maps, statements };
  }

  private hasMore(): boolean {
    this.skipBlanks();
    if (this.isAtEnd()) return false;
    this.lineEnd();
    this.skipGap();
    return !this.isAtEnd();
  }

  /** A query alone is short for `root = query`. */
  private singleQuery(): Program {
    this.skipGap();
    const start = this.position;
    const value = this.query();
    const end = this.position;
    this.skipGap();
    if (!this.isAtEnd()) {
      const text = [...this.source.slice(start, end)];
      const shown = text.length > 12 ? `${text.slice(0, 12).join('')}...` : text.join('');
      this.fail(
        `the mapping to end here as the beginning is shorthand for \`root = ${shown}\`, but this shorthand form cannot be followed with more assignments`,
      );
    }
    return { maps: new Map(), statements: [{ kind: 'root', path: [], value, line: 1 }] };
  }

  /** Statement : Import | Map | Let | Meta | Assignment | If   — the first two only outside blocks; they leave no statement. */
  private statement(place: Place): Statement | null {
    const alternatives: Array<() => Statement | null> = [
      () => this.letStatement(place),
      () => this.metaStatement(place),
      () => this.assignment(place),
      () => this.nested(() => this.ifStatement(place)),
    ];
    const { maps } = place;
    if (maps === null) return this.oneOf(...alternatives);
    return this.oneOf<Statement | null>(
      () => this.importStatement(maps),
      () => this.mapStatement(maps),
      ...alternatives,
    );
  }

  /** Import : `import` Blanks QuotedString */
  private importStatement(maps: Map<string, MapDeclaration>): null {
    const start = this.position;
    this.term('import');
    this.blanks();
    const path = this.mustBe(() => this.expect('filepath', () => this.quotedString()));
    const imported = this.importFile(path, start).maps;
    if (imported.size === 0) this.failFor(`no maps to import from '${path}'`, start);
    const collisions = [...imported.keys()].filter((name) => maps.has(name));
    if (collisions.length > 0) this.failFor(`map name collisions from import '${path}': [${collisions.join(' ')}]`, start);
    for (const [name, map] of imported) maps.set(name, map);
    return null;
  }

  private importFile(path: string, position: number): Program {
    if (this.importDepth >= MAX_IMPORT_DEPTH) this.failFor(`imports exceed the maximum depth of ${MAX_IMPORT_DEPTH}`, position);
    try {
      const { text, importer } = this.importer.read(path);
      const parser = new MappingParser(text, this.builder, importer, this.importDepth + 1);
      const program = parser.attempt(() => parser.statements());
      if (program instanceof Failure) throw BloblangParseError.of(text, program);
      return program;
    } catch (error) {
      if (error instanceof ImportError) this.failFor(`failed to read import: ${error.message}`, position);
      if (error instanceof BloblangParseError) this.failFor(`failed to parse import '${path}': ${error.message}`, position);
      throw error;
    }
  }

  /** Map : `map` Blanks Name Blanks Block */
  private mapStatement(maps: Map<string, MapDeclaration>): null {
    const origin = this.position;
    this.term('map');
    this.blanks();
    const name = this.mustBe(() => this.expect('map name', () => this.name()));
    this.blanks();
    const statements = this.statementBlock({ maps: null, isMetaAllowed: false, origin });
    if (maps.has(name)) this.failFor(`map name collision: ${name}`, origin);
    maps.set(name, { name, statements });
    return null;
  }

  /** Block : `{` Gap ( Statement ( Blanks? LineEnd Gap Statement )* )? Gap `}` */
  private statementBlock(place: Place): Statement[] {
    return this.delimited(
      () => this.opening('{'),
      // Only an import or a map leaves no statement, and a block has neither.
      () => this.statement(place)!,
      () => {
        this.skipBlanks();
        this.lineEnd();
        this.skipGap();
      },
      () => this.closing('}'),
    );
  }

  /** Let : `let` Blanks Name Blanks `=` Blanks Query */
  private letStatement({ origin }: Place): Statement {
    const start = this.position;
    this.expect('assignment', () => this.term('let'));
    this.blanks();
    const name = this.mustBe(() => this.expect('variable name', () => this.name()));
    this.blanks();
    return { kind: 'let', name, value: this.assigned(), line: this.lineOf(start, origin) };
  }

  /** Meta : `meta` Blanks ( Name Blanks? )? `=` Blanks Query */
  private metaStatement({ isMetaAllowed, origin }: Place): Statement {
    const start = this.position;
    this.expect('assignment', () => this.term('meta'));
    this.blanks();
    const key = this.optional(() => this.name()) ?? null;
    this.skipBlanks();
    const value = this.assigned();
    if (!isMetaAllowed) this.failFor('setting meta fields is not allowed within this block', start);
    return { kind: 'meta', key, value, line: this.lineOf(start, origin) };
  }

  /** Assignment : Identifier ( `.` Segment )* Blanks `=` Blanks Query */
  private assignment({ origin }: Place): Statement {
    const start = this.position;
    const path = [this.expect('assignment', () => this.identifier())];
    const below = this.optional(() => {
      const segments: string[] = [];
      do {
        this.term('.');
        segments.push(this.expect('target path', () => this.name()));
      } while (this.isNext('.'));
      return segments;
    });
    path.push(...(below ?? []));
    this.blanks();
    const value = this.assigned();
    return { kind: 'root', path: path[0] === 'root' ? path.slice(1) : path, value, line: this.lineOf(start, origin) };
  }

  private assigned(): Expression {
    this.term('=');
    this.blanks();
    return this.query();
  }

  /** Name : QuotedString | Identifier */
  private name(): string {
    return this.oneOf(
      () => this.quotedString(),
      () => this.identifier(),
    );
  }

  /** If : `if` Condition Block ( Gap `else if` Condition Block )* ( Gap `else` Gap Block )? */
  private ifStatement(place: Place): Statement {
    const start = this.position;
    const inner: Place = { maps: null, isMetaAllowed: true, origin: place.origin };
    const branch = (begin: () => void): StatementBranch => {
      begin();
      this.blanks();
      const condition = this.mustBe(() => this.query());
      this.skipGap();
      return { condition, statements: this.statementBlock(inner) };
    };
    const branches = [branch(() => this.expect('assignment', () => this.term('if')))];
    for (;;) {
      const next = this.optional(() => {
        this.skipGap();
        return branch(() => this.term('else if'));
      });
      if (next === undefined) break;
      branches.push(next);
    }
    const otherwise = this.optional((): StatementBranch => {
      this.skipGap();
      this.term('else');
      this.skipGap();
      return { condition: null, statements: this.statementBlock(inner) };
    });
    if (otherwise !== undefined) branches.push(otherwise);
    return { kind: 'ifStatement', branches, line: this.lineOf(start, place.origin) };
  }

  /** The line of a position, counted from that of another. */
  private lineOf(position: number, origin: number): number {
    return this.lineBreaksBefore(position) - this.lineBreaksBefore(origin) + 1;
  }

  private lineBreaksBefore(position: number): number {
    let low = 0;
    let high = this.lineBreaks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lineBreaks[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
