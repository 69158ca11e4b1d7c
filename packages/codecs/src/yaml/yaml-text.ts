import { byteLength, encodeText } from '@sluice/values';
import { resolveScalar } from './yaml-scalar.ts';

/** A text as it is written. A literal one begins with its header line, and its lines are not indented yet. */
export interface ScalarText {
  readonly text: string;
  /** `!!binary` or empty. */
  readonly tag: string;
  readonly style: 'plain' | 'quoted' | 'literal';
  /** Short and of one line, so that it may stand before a colon. */
  readonly isSimpleKey: boolean;
}

const MAX_KEY_BYTES = 128;

/** The style that yaml.v3 gives a text: plain if that reads back as the same text, a literal block if it has several lines, else quoted. */
export function scalarText(text: string): ScalarText {
  if (!text.isWellFormed()) return binaryText(text);
  const isSimpleKey = !/[\r\n\x85\u2028\u2029]/.test(text) && byteLength(text) <= MAX_KEY_BYTES;
  return { ...styled(text), tag: '', isSimpleKey };
}

type Styled = Pick<ScalarText, 'text' | 'style'>;

function styled(text: string): Styled {
  if (text.includes('\n')) return allowsLiteral(text) ? literal(text) : doubleQuoted(text);
  const isText = resolveScalar('', text).tag === '!!str' && !isBase60(text) && !OLD_BOOLEANS.has(text);
  if (!isText || !allowsSingleQuotes(text)) return doubleQuoted(text);
  if (allowsPlain(text)) return { text, style: 'plain' };
  return { text: `'${text.replaceAll("'", "''")}'`, style: 'quoted' };
}

/** YAML 1.1 read these as numbers and truth values; they are quoted for readers that still do. */
const isBase60 = (text: string): boolean => /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
const OLD_BOOLEANS = new Set('y Y yes Yes YES on On ON n N no No NO off Off OFF'.split(' '));

/** What has no printed form, to yaml.v3: control characters, a byte order mark, and all beyond the first 65,536 characters. */
const SPECIAL = /[^\t\n\r\u2028\u2029\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\r/u;

const allowsSingleQuotes = (text: string): boolean => !SPECIAL.test(text) && !/[\t\u2028\u2029]/.test(text);

function allowsPlain(text: string): boolean {
  if (/^ | $/.test(text) || /^(?:---|\.\.\.)/.test(text)) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text) || /^[?:-](?:[ \t]|$)/.test(text)) return false;
  return !/.:(?:[ \t]|$)|[ \t]#/su.test(text);
}

/** A literal block cannot keep spaces before a line break or at the end. */
const allowsLiteral = (text: string): boolean => !SPECIAL.test(text) && !/ [\n\u2028\u2029]| $/.test(text);

/** The first line break of a text that begins with one is lost, as in the original. */
function literal(text: string): Styled {
  const indentation = /^[ \n\u2028\u2029]/.test(text) ? '4' : '';
  const chomping = text.endsWith('\n\n') || text === '\n' ? '+' : text.endsWith('\n') ? '' : '-';
  const lines = text.startsWith('\n') ? text : `\n${text}`;
  return { text: `|${indentation}${chomping}${lines.replace(/\n$/, '')}`, style: 'literal' };
}

function binaryText(text: string): ScalarText {
  const encoded = Buffer.from(encodeText(text)).toString('base64');
  const tag = '!!binary';
  if (encoded.length < LINE_LENGTH) return { text: encoded, style: 'plain', tag, isSimpleKey: true };
  const lines = encoded.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return { ...literal(`${lines.join('\n')}\n`), tag, isSimpleKey: false };
}

const LINE_LENGTH = 70;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

const ESCAPED = /["\\\t\n\r\u2028\u2029]|[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/gu;

function doubleQuoted(text: string): Styled {
  return { text: `"${text.replace(ESCAPED, escapeOf)}"`, style: 'quoted' };
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0)!;
  const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return ESCAPES[character] ?? `\\${letter}${code.toString(16).toUpperCase().padStart(Number(width), '0')}`;
}
