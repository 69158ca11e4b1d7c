import { isArray, isObject, setKey, type Value, type ValueObject } from '@sluice/values';
import { JqError } from './errors.ts';
import { compute, floatOf, isWhole, type JqNumber, numberOf, settled } from './numbers.ts';
import { compare } from './order.ts';
import type { Operator } from './syntax.ts';
import { preview, typePreview } from './text.ts';

const VERBS = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulo' } as const;
/** Characters that a repeated text may have. */
const MAX_REPEATED = 64 * 1024 * 1024;

/** Throws JqError. */
export function operate(operator: Operator, left: Value, right: Value): Value {
  switch (operator) {
    case '==':
      return compare(left, right) === 0;
    case '!=':
      return compare(left, right) !== 0;
    case '<':
      return compare(left, right) < 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>':
      return compare(left, right) > 0;
    case '>=':
      return compare(left, right) >= 0;
    default: {
      const [a, b] = [numberOf(left), numberOf(right)];
      const result = a !== undefined && b !== undefined ? operateOnNumbers(operator, a, b) : operateOnOthers(operator, left, right);
      if (result !== undefined) return result;
      throw new JqError(`cannot ${VERBS[operator]}: ${typePreview(left)} and ${typePreview(right)}`);
    }
  }
}

function operateOnNumbers(operator: '+' | '-' | '*' | '/' | '%', a: JqNumber, b: JqNumber): JqNumber {
  switch (operator) {
    case '+':
      return compute(
        a,
        b,
        (x, y) => x + y,
        (x, y) => x + y,
      );
    case '-':
      return compute(
        a,
        b,
        (x, y) => x - y,
        (x, y) => x - y,
      );
    case '*':
      return compute(
        a,
        b,
        (x, y) => x * y,
        (x, y) => x * y,
      );
    case '/':
      return divide(a, b);
    case '%':
      return modulo(a, b);
  }
}

function divide(a: JqNumber, b: JqNumber): JqNumber {
  if (Number(b) === 0) throw new JqError(`cannot divide ${typePreview(a)} by: ${typePreview(b)}`);
  if (typeof a === 'bigint' && isWhole(b) && a % BigInt(b) === 0n) return settled(a / BigInt(b));
  return Number(a) / Number(b);
}

function modulo(a: JqNumber, b: JqNumber): JqNumber {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  const divisor = typeof b === 'bigint' ? b : truncated(b);
  if (divisor === 0n) throw new JqError(`cannot modulo ${typePreview(a)} by: ${typePreview(b)}`);
  return settled((typeof a === 'bigint' ? a : truncated(a)) % divisor);
}

const INT64 = 2 ** 63;
const truncated = (number: number): bigint => BigInt(Math.max(-INT64, Math.min(Math.trunc(number), INT64 - 1024)));

/** `undefined` where the types do not go together. */
function operateOnOthers(operator: '+' | '-' | '*' | '/' | '%', left: Value, right: Value): Value | undefined {
  switch (operator) {
    case '+':
      return add(left, right);
    case '-':
      if (!isArray(left) || !isArray(right)) return undefined;
      return left.filter((element) => !right.some((other) => compare(element, other) === 0));
    case '*':
      if (isObject(left) && isObject(right)) return merged(left, right);
      return repeated(left, right) ?? repeated(right, left);
    case '/':
      if (typeof left !== 'string' || typeof right !== 'string') return undefined;
      return left === '' ? [] : splitText(left, right);
    case '%':
      return undefined;
  }
}

function add(left: Value, right: Value): Value | undefined {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (isArray(left) && isArray(right)) return [...left, ...right];
  if (isObject(left) && isObject(right)) return { ...left, ...right };
  return undefined;
}

/** Between characters, where the separator is empty. */
export const splitText = (text: string, separator: string): string[] => (separator === '' ? [...text] : text.split(separator));

function merged(left: ValueObject, right: ValueObject): ValueObject {
  const result = { ...left };
  for (const key of Object.keys(right)) {
    const [before, after] = [Object.hasOwn(left, key) ? left[key]! : null, right[key]!];
    setKey(result, key, isObject(before) && isObject(after) ? merged(before, after) : after);
  }
  return result;
}

/** `null` as a value; `undefined` where this is no text and a number. */
function repeated(text: Value, times: Value): Value | undefined {
  const count = floatOf(times);
  if (typeof text !== 'string' || count === undefined) return undefined;
  if (count < 0 || Number.isNaN(count)) return null;
  if (text === '') return '';
  if (count * text.length >= MAX_REPEATED) throw new JqError(`repeat string result too large: ${preview(text)} * ${preview(times)}`);
  return text.repeat(count);
}
