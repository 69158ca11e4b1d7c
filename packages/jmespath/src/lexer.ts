/** The words of a query, named as the original's error texts name them. */
import { parseJson, type Value } from '@sluice/values';
import { JmespathSyntaxError } from './errors.ts';
import { asFloats } from './floats.ts';

export type TokenType =
  | 'tUnknown'
  | 'tStar'
  | 'tDot'
  | 'tFilter'
  | 'tFlatten'
  | 'tLparen'
  | 'tRparen'
  | 'tLbracket'
  | 'tRbracket'
  | 'tLbrace'
  | 'tRbrace'
  | 'tOr'
  | 'tPipe'
  | 'tNumber'
  | 'tUnquotedIdentifier'
  | 'tQuotedIdentifier'
  | 'tComma'
  | 'tColon'
  | 'tLT'
  | 'tLTE'
  | 'tGT'
  | 'tGTE'
  | 'tEQ'
  | 'tNE'
  | 'tJSONLiteral'
  | 'tStringLiteral'
  | 'tCurrent'
  | 'tExpref'
  | 'tAnd'
  | 'tNot'
  | 'tEOF';

export interface Token {
  readonly type: TokenType;
  /** A name, the digits of a number, or a literal. */
  readonly value: Value;
}

/** Longer ones first. */
const SYMBOLS: ReadonlyArray<readonly [string, TokenType]> = [
  ['[?', 'tFilter'],
  ['[]', 'tFlatten'],
  ['||', 'tOr'],
  ['&&', 'tAnd'],
  ['<=', 'tLTE'],
  ['>=', 'tGTE'],
  ['==', 'tEQ'],
  ['!=', 'tNE'],
  ['[', 'tLbracket'],
  [']', 'tRbracket'],
  ['{', 'tLbrace'],
  ['}', 'tRbrace'],
  ['(', 'tLparen'],
  [')', 'tRparen'],
  ['.', 'tDot'],
  ['*', 'tStar'],
  [',', 'tComma'],
  [':', 'tColon'],
  ['@', 'tCurrent'],
  ['|', 'tPipe'],
  ['&', 'tExpref'],
  ['<', 'tLT'],
  ['>', 'tGT'],
  ['!', 'tNot'],
  ['=', 'tUnknown'],
];

const BLANK = /[ \t\n\r]+/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /-?[0-9]+|-/y;
const QUOTED: Readonly<Record<string, RegExp>> = {
  '"': /"((?:[^"\\]|\\.)*)"/sy,
  "'": /'((?:[^'\\]|\\'?)*)'/sy,
  '`': /`((?:[^`\\]|\\.)*)`/sy,
};

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    at += found?.[0].length ?? 0;
    return found;
  };
  for (take(BLANK); at < query.length; take(BLANK)) {
    const identifier = take(IDENTIFIER)?.[0];
    if (identifier !== undefined) {
      tokens.push({ type: 'tUnquotedIdentifier', value: identifier });
      continue;
    }
    const digits = take(NUMBER)?.[0];
    if (digits !== undefined) {
      tokens.push({ type: 'tNumber', value: digits });
      continue;
    }
    const delimiter = query[at]!;
    const quoted = QUOTED[delimiter];
    if (quoted) {
      const text = take(quoted)?.[1];
      if (text === undefined) throw new JmespathSyntaxError(`SyntaxError: Unclosed delimiter: ${delimiter}`);
      tokens.push(quotedToken(delimiter, text));
      continue;
    }
    const symbol = SYMBOLS.find(([characters]) => query.startsWith(characters, at));
    if (!symbol) throw new JmespathSyntaxError(`SyntaxError: Unknown char: '${String.fromCodePoint(query.codePointAt(at)!)}'`);
    tokens.push({ type: symbol[1], value: symbol[0] });
    at += symbol[0].length;
  }
  return [...tokens, { type: 'tEOF', value: '' }];
}

function quotedToken(delimiter: string, text: string): Token {
  if (delimiter === "'") return { type: 'tStringLiteral', value: text.replaceAll("\\'", "'") };
  if (delimiter === '"') return { type: 'tQuotedIdentifier', value: parseJson(`"${text}"`) };
  return { type: 'tJSONLiteral', value: asFloats(parseJson(text.replaceAll('\\`', '`'))) };
}
