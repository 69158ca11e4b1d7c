/**
 * Whether the numbers of a JSON text print the way they were written, so that `JSON.parse` loses nothing. A number that does not
 * has one of four marks: zeros at the end of its fraction (or a very small or very long fraction), an exponent, sixteen digits or
 * more, or a minus before zero. Each mark is looked for by the quickest means there is; texts hold such characters too, and only
 * where a number could stand is it compared with what JavaScript would print.
 */
const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const EXPONENT = /[0-9][eE][-+0-9]/g;

const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const PLUS = 0x2b;
const MINUS = 0x2d;

/** A float has that many digits that are always kept. */
const CERTAIN_DIGITS = 15;
/** No number that prints as it was written is longer. */
const MAX_LENGTH = 32;

/** May say no where the characters of such a number are within a text; never says yes wrongly. */
export function printAsWritten(text: string): boolean {
  return hasPlainFractions(text) && hasNoMinusZero(text) && hasShortIntegers(text) && hasPlainExponents(text);
}

function hasPlainFractions(text: string): boolean {
  for (let point = text.indexOf('.'); point !== -1; point = text.indexOf('.', point + 1)) {
    if (!isDigit(text.charCodeAt(point - 1))) continue;
    let end = point + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    const isCertain =
      end > point + 1 && end - point <= 6 && text.charCodeAt(end - 1) !== ZERO && !isDigit(text.charCodeAt(point - (CERTAIN_DIGITS - 5)));
    if (!isCertain && !isExactAt(text, point)) return false;
  }
  return true;
}

function hasNoMinusZero(text: string): boolean {
  for (let minus = text.indexOf('-0'); minus !== -1; minus = text.indexOf('-0', minus + 1)) {
    if (isDigit(text.charCodeAt(minus + 2)) || text.charCodeAt(minus + 2) === POINT) continue;
    if (isNumberStart(text, minus)) return false;
  }
  return true;
}

/** A run of sixteen digits or more has one at a multiple of sixteen. */
function hasShortIntegers(text: string): boolean {
  for (let at = CERTAIN_DIGITS; at < text.length; at += CERTAIN_DIGITS + 1) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (at - start < MAX_LENGTH && isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end - at < MAX_LENGTH && isDigit(text.charCodeAt(end))) end++;
    if (end - start > CERTAIN_DIGITS && !isExactAt(text, at)) return false;
  }
  return true;
}

function hasPlainExponents(text: string): boolean {
  EXPONENT.lastIndex = 0;
  for (let match = EXPONENT.exec(text); match !== null; match = EXPONENT.exec(text)) {
    if (!isExactAt(text, match.index)) return false;
  }
  return true;
}

/** Whether what looks like a number around a place either cannot be one, or prints as it was written. */
function isExactAt(text: string, at: number): boolean {
  let start = at;
  while (isNumberCharacter(text.charCodeAt(start - 1))) {
    start--;
    if (at - start > MAX_LENGTH) return false;
  }
  if (!isNumberStart(text, start)) return true;
  NUMBER.lastIndex = start;
  const number = NUMBER.exec(text)?.[0];
  return number === undefined || (number.length <= MAX_LENGTH && String(Number(number)) === number);
}

/** Whether a value may begin here: after a colon, a comma, a bracket or a blank, or at the very beginning. */
function isNumberStart(text: string, at: number): boolean {
  switch (text[at - 1]) {
    case ':':
    case ',':
    case '[':
    case ' ':
    case '\n':
    case '\r':
    case '\t':
    case undefined:
      return true;
    default:
      return false;
  }
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** Digits, point, signs, and the letter of an exponent. */
const isNumberCharacter = (code: number): boolean =>
  isDigit(code) || code === POINT || code === MINUS || code === PLUS || (code | 0x20) === 0x65;
