import { BloblangError, errorText } from '../errors.ts';
import { toGoText } from './go-text.ts';
import { type TypeName, typeName, type Value } from './kinds.ts';

/** Thrown when a value has another type than was asked for: `expected string value, got number from field `this.a` (5)`. */
export class ValueTypeError extends BloblangError {
  private readonly expected: readonly TypeName[];
  private readonly actual: TypeName;
  private readonly valueText: string;
  private from: string;

  constructor(value: Value, expected: readonly TypeName[], from = '') {
    const actual = typeName(value);
    const valueText = describeValue(value, actual);
    super(typeErrorText(expected, actual, from, valueText));
    this.expected = expected;
    this.actual = actual;
    this.from = from;
    this.valueText = valueText;
  }

  /** Names the expression that gave the value, unless one is named already. */
  locate(annotation: string): this {
    if (this.from === '') {
      this.from = annotation;
      this.message = typeErrorText(this.expected, this.actual, annotation, this.valueText);
    }
    return this;
  }
}

/** Thrown when an operator cannot work on the types of its two sides. */
export class TypeMismatchError extends BloblangError {
  constructor(operation: string, left: { annotation: string; value: Value }, right: { annotation: string; value: Value }) {
    const sides = [left, right].map(({ annotation, value }) => `${typeName(value)} (from ${annotation})`);
    super(`cannot ${operation} types ${sides.join(' and ')}`);
  }
}

/**
 * The error with the name of the expression whose value caused it in front; a type error takes the name in its middle.
 * The innermost name wins. Errors that are not ours (a stack overflow, a bug) are made catchable too.
 */
export function locateError(error: unknown, annotation: string): BloblangError {
  if (error instanceof ValueTypeError) return error.locate(annotation);
  if (error instanceof TypeMismatchError) return error;
  if (error instanceof BloblangError && error.isLocated) return error;
  return new BloblangError(`${annotation}: ${errorText(error)}`, true, error);
}

function typeErrorText(expected: readonly TypeName[], actual: TypeName, from: string, valueText: string): string {
  const wanted = expected.length === 0 ? 'unexpected value' : `expected ${alternatives(expected)} value`;
  return `${wanted}, got ${actual}${from === '' ? '' : ` from ${from}`}${valueText === '' ? '' : ` (${valueText})`}`;
}

function alternatives(names: readonly TypeName[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function describeValue(value: Value, type: TypeName): string {
  if (type === 'string') return `"${value as string}"`;
  return type === 'bool' || type === 'number' ? toGoText(value) : '';
}
