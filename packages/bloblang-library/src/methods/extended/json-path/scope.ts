import { BloblangError, getNumber, goTypeName, isNull, isNumber, toGoText, type Value } from '@sluice/values';

/** What an expression is evaluated in: the whole value (`$`) and the one that is looked at (`@`). */
export interface Scope {
  readonly root: Value;
  readonly current: Value;
}

export type Expression = (scope: Scope) => Value;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A number, or a text that is one. */
export function asNumber(value: Value): number | undefined {
  if (isNumber(value)) return getNumber(value);
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : undefined;
}

/** A bool, what stands for one, or a number, which is true unless it is zero. */
export function asBool(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (isNull(value) || value === 'false' || value === 'FALSE') return false;
  if (value === 'true' || value === 'TRUE') return true;
  const number = asNumber(value);
  return number === undefined ? undefined : number !== 0;
}

export const asText = (value: Value): string => (typeof value === 'string' ? value : toGoText(value));

/** A whole number. Throws BloblangError for what is no number. */
export function asInteger(value: Value): number {
  const number = asNumber(value);
  if (number === undefined) throw new BloblangError(`expected number but got ${asText(value)} (${goTypeName(value)})`);
  return Math.trunc(number);
}

/** What counts as no: null, false, zero and the empty text. */
export const isZero = (value: Value): boolean =>
  isNull(value) || value === false || value === '' || (isNumber(value) && getNumber(value) === 0);
