import type { Failure } from './failure.ts';

/** Thrown when a mapping or an interpolated string is not Bloblang. `message` is the original's text: `line 1 char 16: expected query`. */
export class BloblangParseError extends Error {
  /** From 1. */
  readonly line: number;
  /** From 1, in characters. */
  readonly column: number;
  /** What is wrong, without the position. */
  readonly reason: string;
  /** The reason with what was found instead: `expected query, got: + 1`. */
  readonly reasonWithFound: string;
  readonly source: string;

  constructor(source: string, position: number, reason: string, reasonWithFound = reason) {
    const { line, column } = locate(source, position);
    super(`line ${line} char ${column}: ${reason}`);
    this.name = 'BloblangParseError';
    this.line = line;
    this.column = column;
    this.reason = reason;
    this.reasonWithFound = reasonWithFound;
    this.source = source;
  }

  static of(source: string, failure: Failure): BloblangParseError {
    return new BloblangParseError(source, failure.position, failure.text(failure.position >= source.length), failure.textWithFound(source));
  }
}

interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** Line and column, from 1, of a position in a text. Columns count characters, not UTF-16 units. */
function locate(source: string, position: number): SourcePosition {
  const before = source.slice(0, position);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++;
  return { line, column: [...before.slice(lineStart)].length + 1 };
}

/** Characters of a source line that are shown beyond the error. */
const MARGIN = 60;

/**
 * The error with the line it is on and a caret below the place, as the command line shows it:
 *
 *     line 1 char 8: expected query
 *       |
 *     1 | root =
 *       |        ^---
 */
export function renderParseError(error: BloblangParseError, file = ''): string {
  const text = [...(error.source.split('\n')[error.line - 1] ?? '')]
    .slice(0, error.column - 1 + MARGIN)
    .join('')
    .trimEnd();
  const padding = ' '.repeat(String(error.line).length);
  // Tabs stay tabs, so that the caret stands below its character however wide a tab is shown.
  const indent = [...text, ...' '.repeat(error.column)]
    .slice(0, error.column - 1)
    .map((character) => (character === '\t' ? '\t' : ' '))
    .join('');
  return `${file === '' ? '' : `${file}: `}${error.message}\n${padding} |\n${error.line} | ${text}\n${padding} | ${indent}^---`;
}
