import { JsonNumber } from '../value/kinds.ts';
import { isDigit, type JsonScanner, MINUS, POINT, ZERO } from './json-scanner.ts';

/** The text that stands between two places of a scanned document, quotes included. */
export function textAt(scanner: JsonScanner, start: number, end: number): string {
  const text = scanner.text(start + 1, end - 1);
  return scanner.hasEscapes && text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

/** Fractions up to that length are never written with an exponent. */
const CERTAIN_FRACTION = 6;
/** A float has that many digits that are always kept. */
const CERTAIN_DIGITS = 15;
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
