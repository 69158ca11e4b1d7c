import type { Problem } from './problem.ts';

/** The text of each file that was read, by the name problems use. */
export type SourceTexts = ReadonlyMap<string, string>;

export interface RenderOptions {
  /** Show the offending line with a caret below it. @default true */
  readonly excerpt?: boolean;
  /** ANSI colours. @default false */
  readonly color?: boolean;
}

const MAX_EXCERPT = 160;

/**
 * `file(line,col) message`, as Benthos prints it (`file: message` where no line is to blame), and below it the line in question with a caret, for a terminal.
 * Ends with a newline.
 */
export function renderProblem(
  problem: Problem,
  sources: SourceTexts = new Map(),
  { excerpt = true, color = false }: RenderOptions = {},
): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const severity = problem.severity === 'warning' ? `${paint(33, 'warning')}: ` : '';
  const hasPlace = isInText(problem);
  const place = hasPlace ? `(${problem.line},${problem.column})` : ':';
  const head = `${printable(problem.file)}${place} ${severity}${printable(problem.message)}\n`;
  const line = excerpt && hasPlace ? lineOf(sources.get(problem.file), problem.line) : undefined;
  return line === undefined ? head : head + excerptOf(mask(line.replace(/\r$/, '')), problem, paint);
}

/** Not so of a file as a whole, and of a variable or a flag, which may be a secret from end to end. */
const isInText = ({ file, code }: Problem): boolean => !/^(?:\$|--)/.test(file) && code !== 'file.unreadable' && code !== 'file.too-large';

/** Names and messages repeat what a file says, which must not steer the terminal. */
const printable = (text: string): string =>
  text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The line, found without a copy of all lines: a file may have tens of thousands of problems. */
function lineOf(text: string | undefined, number: number): string | undefined {
  let start = 0;
  for (let line = 1; text !== undefined && line < number; line++) {
    const end = text.indexOf('\n', start);
    if (end === -1) return undefined;
    start = end + 1;
  }
  const end = text?.indexOf('\n', start) ?? -1;
  return text?.slice(start, end === -1 ? undefined : end);
}

const SECRET_VALUE = /((?:secret\w*|password|\w*token)["']?\s*[:=]\s*)("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,}]+)/gi;
const URL_PASSWORD = /(\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/g;

/** Secrets in the line become dots, as many as they are long, so that the caret still points at its place. */
const mask = (line: string): string =>
  line
    .replaceAll(SECRET_VALUE, (_, field: string, value: string) => field + '•'.repeat(value.length))
    .replaceAll(URL_PASSWORD, (_, before: string, password: string) => before + '•'.repeat(password.length));

/** The line, cut to a window around the column where it is long; tabs and control characters become one blank each. */
function excerptOf(line: string, { line: number, column }: Problem, paint: (code: number, text: string) => string): string {
  const start = Math.max(0, column - 1 - MAX_EXCERPT / 2);
  const visible = line.slice(start, start + MAX_EXCERPT).replace(/\p{Cc}/gu, ' ');
  const gutter = `${number} | `;
  const before = visible.slice(0, column - 1 - start);
  return `  ${paint(2, gutter)}${visible}\n  ${' '.repeat(gutter.length + displayWidth(before))}${paint(31, '^')}\n`;
}

/** Columns of a terminal that the text takes: East Asian wide characters and emoji take two, combining marks none. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) continue;
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
      character,
    )
      ? 2
      : 1;
  }
  return width;
}
