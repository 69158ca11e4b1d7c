import type { Expression } from './ast.ts';
import type { Builder } from './builder.ts';
import { Failure } from './failure.ts';
import { BloblangParseError } from './parse-error.ts';
import { QueryParser } from './query-parser.ts';

/** The parts of an interpolated string in order: text, and the queries between `${!` and `}`. */
export type Template = ReadonlyArray<string | Expression>;

/** Parses an interpolated string. Throws {@link BloblangParseError}. */
export const parseTemplate = (source: string, builder: Builder): Template => new TemplateParser(source, builder).parse();

class TemplateParser extends QueryParser {
  /** Template : ( EscapedInterpolation | Interpolation | `$` | text )* */
  parse(): Template {
    const parts: Array<string | Expression> = [];
    const read = () =>
      this.oneOf<string | Expression>(
        () => this.escapedInterpolation(),
        () => this.interpolation(),
        () => this.text(),
      );
    while (!this.isAtEnd()) {
      const part = this.attempt(read);
      if (part instanceof Failure) throw BloblangParseError.of(this.source, part);
      parts.push(part);
    }
    return parts;
  }

  /** EscapedInterpolation : `${{!` any* `}}` */
  private escapedInterpolation(): string {
    this.term('${{!');
    const end = this.source.indexOf('}}', this.position);
    if (end === -1) this.failFor('required', this.position, ['end of escaped expression']);
    const text = this.source.slice(this.position, end);
    this.position = end + 2;
    return `\${!${text}}`;
  }

  /** Interpolation : `${!` Blanks? Query Blanks? `}` */
  private interpolation(): Expression {
    this.term('${!');
    const query = this.mustBe(() => this.query());
    this.skipBlanks();
    this.mustBe(() => this.expect('end of expression', () => this.term('}')));
    return query;
  }

  /** A dollar that begins no interpolation, or all up to the next dollar. */
  private text(): string {
    const start = this.position;
    const end = this.source.indexOf('$', start + 1);
    this.position = end === -1 ? this.source.length : end;
    return this.source.slice(start, this.position);
  }
}
