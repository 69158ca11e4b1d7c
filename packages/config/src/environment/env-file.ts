/**
 * Environment files as Benthos reads them: `NAME = value`, the value bare (no blank, no `#`), in quotes with Go's escapes, or in
 * triple quotes as it is; `#` begins a comment. No `export`, no expansion. One malformed line fails the whole file.
 */
import type { ProblemLog } from '../problem/problem.ts';
import type { SourceFile } from '../source/source-file.ts';

const NAME = /[ \t]*([A-Za-z0-9_.]+)[ \t]*=[ \t]*/y;
const TRIPLE = /"""([\s\S]*?)"""/y;
const QUOTED = /"((?:[^"\\\n]|\\.)*)"/y;
const BARE = /[^\s#"]*/y;
const LINE_END = /[ \t]*(?:#[^\n]*?)?(?:\r?\n|$)/y;
const ESCAPE = /\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]|$))/g;
const PLAIN_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
};

export function parseEnvFile(file: SourceFile, log: ProblemLog): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  const { text } = file;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match;
  };
  const fail = (message: string): Readonly<Record<string, string>> => {
    log.error('env-file.syntax', file.positionAt(at), message);
    return {};
  };
  while (at < text.length) {
    if (take(LINE_END)) continue;
    const name = take(NAME)?.[1];
    if (name === undefined) return fail('expected `NAME=value`, a comment or an empty line');
    const raw = take(TRIPLE)?.[1];
    const quoted = raw === undefined ? take(QUOTED)?.[1] : undefined;
    const value = raw ?? (quoted === undefined ? take(BARE)![0] : unescapeGo(quoted));
    if (value === undefined) return fail(`the value of \`${name}\` has an escape that Go does not know`);
    Object.defineProperty(variables, name, { value, enumerable: true, configurable: true, writable: true });
    if (at < text.length && !take(LINE_END))
      return fail(`the line must end after the value of \`${name}\`; put a value with blanks or \`#\` into double quotes`);
  }
  return variables;
}

/** Go's `strconv.Unquote`, for what stands between double quotes. */
function unescapeGo(text: string): string | undefined {
  let isValid = true;
  const plain = text.replaceAll(ESCAPE, (_, simple?: string, byte?: string, short?: string, long?: string, octal?: string) => {
    if (simple !== undefined) return PLAIN_ESCAPES[simple]!;
    const code = byte ?? short ?? long;
    const point = code === undefined ? Number.parseInt(octal ?? 'none', 8) : Number.parseInt(code, 16);
    if (point >= 0 && point <= 0x10ffff) return String.fromCodePoint(point);
    isValid = false;
    return '';
  });
  return isValid ? plain : undefined;
}
