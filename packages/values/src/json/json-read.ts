import { printAsWritten } from '../number/exact-numbers.ts';
import { JsonNumber, type Value } from '../value/kinds.ts';
import { isDigit, MINUS, POINT, ZERO } from './json-characters.ts';
import { parseExactJson } from './json-exact.ts';
import { CERTAIN_DIGITS, CERTAIN_FRACTION, type JsonScanner } from './json-scanner.ts';

/** The string that stands between two places, quotes included. */
export function textAt(scanner: JsonScanner, start: number, end: number): string {
  if (!scanner.hasEscapes) return scanner.text(start + 1, end - 1);
  const literal = scanner.text(start, end);
  return literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
}

/** The array or object that stands there. The scanner has seen to everything but the numbers. */
export function containerAt(scanner: JsonScanner, start: number, end: number): Value {
  const text = scanner.text(start, end);
  return !scanner.hasOddNumbers || printAsWritten(text) ? (JSON.parse(text) as Value) : parseExactJson(text);
}

const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** Most numbers are a few digits, maybe with a point: the quotient of two exact integers is then the nearest float. */
export function numberAt(scanner: JsonScanner, start: number, end: number): number | JsonNumber {
  const { bytes } = scanner;
  const isNegative = bytes[start] === MINUS;
  let digits = 0;
  let point = end;
  let at = isNegative ? start + 1 : start;
  if (end - start > CERTAIN_DIGITS) return carefulNumberAt(scanner, start, end);
  for (; at < end; at++) {
    const code = bytes[at]!;
    if (isDigit(code)) digits = digits * 10 + code - ZERO;
    else if (code === POINT) point = at + 1;
    else return carefulNumberAt(scanner, start, end);
  }
  const fraction = end - point;
  const isCertain = fraction === 0 || (fraction <= CERTAIN_FRACTION && bytes[end - 1] !== ZERO);
  if (!isCertain || (isNegative && digits === 0)) return carefulNumberAt(scanner, start, end);
  const magnitude = digits / POWERS[fraction]!;
  return isNegative ? -magnitude : magnitude;
}

function carefulNumberAt(scanner: JsonScanner, start: number, end: number): number | JsonNumber {
  const text = scanner.text(start, end);
  const number = Number(text);
  return String(number) === text ? number : new JsonNumber(text);
}
