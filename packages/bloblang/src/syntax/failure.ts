/**
 * Why a production did not match. Its position and its list of expectations decide the text of a parse error:
 * of several alternatives the one that got furthest is reported, and those that got equally far are reported together.
 */
export class Failure {
  readonly position: number;
  readonly expected: readonly string[];
  /** Set when no alternative may be tried any more, with the reason. */
  readonly fatal: string | null;

  constructor(position: number, expected: readonly string[], fatal: string | null = null) {
    this.position = position;
    this.expected = expected;
    this.fatal = fatal;
  }

  /** The same failure under the name of what was wanted as a whole. Fatal ones keep their own. */
  renamed(name: string): Failure {
    return this.fatal === null ? new Failure(this.position, [name]) : this;
  }

  required(): Failure {
    return this.fatal === null ? new Failure(this.position, this.expected, 'required') : this;
  }

  /** Both lists of expectations, at this failure's position. */
  joinedWith(other: Failure): Failure {
    return new Failure(this.position, [...this.expected, ...other.expected], this.fatal ?? other.fatal);
  }

  text(isAtEnd: boolean): string {
    if (this.expected.length === 0) {
      return this.fatal || (isAtEnd ? 'encountered unexpected end of input' : 'encountered unexpected input');
    }
    const wanted = `expected ${enumerate(this.expected)}`;
    return this.fatal ? `${this.fatal}: ${wanted}` : wanted;
  }

  /** The text with what was found instead, for where there is no position to point at. */
  textWithFound(source: string): string {
    const found = [...source.slice(this.position, this.position + 2 * SNIPPET)].slice(0, SNIPPET).join('');
    const text = this.text(found === '');
    if (this.expected.length === 0) return found === '' ? text : `${text}: ${found}`;
    return found === '' ? `${text}, but reached end of input` : `${text}, got: ${found}`;
  }
}

/** How many characters of a source are shown as what was found. */
const SNIPPET = 5;

/**
 * `a`, `a or b`, `a, b, or c`, each name once. A list that only its repetitions made longer reads ` or a`, because
 * the original decides on the form before it removes them.
 */
function enumerate(names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  const unique = [...new Set(names)];
  const last = unique.at(-1);
  return `${unique.slice(0, -1).join(', ')}${unique.length > 2 ? ',' : ''} or ${last}`;
}
