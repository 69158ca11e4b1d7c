import { toGoText } from './go-text.ts';
import { type TypeName, typeName, type Value } from './kinds.ts';

/**
 * Thrown when a mapping fails on a message; `.catch()` and `|` recover from it. `message` is the original's text.
 * It carries no stack: mappings use failures as control flow and a stack costs more than the mapping.
 */
export class BloblangError extends Error {
  /** Whether the text already names the expression that failed, so that no outer one adds its own name. */
  readonly isLocated: boolean;

  constructor(message: string, isLocated = false, cause?: unknown) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message, cause === undefined ? undefined : { cause });
    Error.stackTraceLimit = limit;
    this.name = 'BloblangError';
    this.isLocated = isLocated;
  }
}

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

/** Thrown when an expression needs `this` and the message is not structured. */
export class NoContextError extends BloblangError {
  readonly fieldName: string;

  constructor(fieldName: string) {
    super(fieldName === '' ? 'context was undefined' : `context was undefined, unable to reference \`${fieldName}\``);
    this.fieldName = fieldName;
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

/** An error that says what was being done in front of the cause: `failed to process element 0: …`. */
export function wrapError(prefix: string, cause: unknown): BloblangError {
  return new BloblangError(`${prefix}: ${errorText(cause)}`, cause instanceof BloblangError && cause.isLocated, cause);
}

/** The first error of a class among an error and its causes. */
export function findCause<E extends BloblangError>(error: unknown, type: abstract new (...args: never[]) => E): E | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof type) return cause;
  }
  return undefined;
}

/** The text of a failure as `.catch(err -> …)` sees it. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
