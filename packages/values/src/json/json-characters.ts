/** Characters of JSON by their bytes. */
export const QUOTE = 0x22;
export const PLUS = 0x2b;
export const COMMA = 0x2c;
export const MINUS = 0x2d;
export const POINT = 0x2e;
export const ZERO = 0x30;
const NINE = 0x39;
export const COLON = 0x3a;
export const BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSING_BRACKET = 0x5d;
export const BRACE = 0x7b;
export const CLOSING_BRACE = 0x7d;
export const SPACE = 0x20;
export const LARGE_E = 0x45;
export const SMALL_E = 0x65;
export const SMALL_F = 0x66;
export const SMALL_N = 0x6e;
export const SMALL_T = 0x74;
export const SMALL_U = 0x75;

export const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

export const isBlank = (code: number): boolean => code === SPACE || code === 0x0a || code === 0x0d || code === 0x09;

/** Whether none of four characters is a quote, a backslash or a control character. May say no wrongly. */
export function isPlainWord(word: number): boolean {
  const quotes = word ^ 0x22222222;
  const backslashes = word ^ 0x5c5c5c5c;
  const marks = ((quotes - 0x01010101) & ~quotes) | ((backslashes - 0x01010101) & ~backslashes) | ((word - 0x20202020) & ~word);
  return (marks & -0x7f7f7f80) === 0;
}

/** Line separators, in UTF-8: they are escaped in writing. */
const LINE_SEPARATORS = [Buffer.from('\u2028'), Buffer.from('\u2029')];

/** Whether a document in UTF-8 is without them. */
export const hasNoLineSeparator = (content: Uint8Array): boolean => {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  return !LINE_SEPARATORS.some((separator) => bytes.includes(separator));
};

const IS_SHORT_ESCAPE = new Uint8Array(256);
for (const code of Buffer.from('"\\/bfnrt')) IS_SHORT_ESCAPE[code] = 1;

/** Whether a character may stand behind a backslash; `u` is none of these. */
export const isShortEscape = (code: number): boolean => IS_SHORT_ESCAPE[code] === 1;

const HEX_DIGITS = Int8Array.from({ length: 256 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase()));

/** Whether four hexadecimal digits stand at a place, and they are a whole character. */
export function isWholeCharacter(bytes: Uint8Array, at: number): boolean {
  let unit = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = HEX_DIGITS[bytes[index]!]!;
    if (digit < 0) return false;
    unit = unit * 16 + digit;
  }
  return unit < 0xd800 || unit > 0xdfff;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** The only word that may begin with a character, where any may. */
export const literalOf = (first: number): Buffer => (first === SMALL_T ? TRUE : first === SMALL_F ? FALSE : NULL);
