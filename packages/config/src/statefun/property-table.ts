import type { ProblemLog } from '../problem/problem.ts';
import { didYouMean } from '../schema/suggest.ts';
import type { Property } from './properties.ts';

/** Reads the text of a property; a text is the reason why not. */
export type ReadValue<T> = (value: string) => { readonly value: T } | { readonly expected: string };

/** What one property does: how its value is read, and what of the settings it changes. */
export interface PropertyRule<S> {
  readonly apply: (settings: S, value: string) => S | { readonly expected: string };
}

const isRefusal = (result: unknown): result is { readonly expected: string } =>
  typeof result === 'object' && result !== null && 'expected' in result;

/** A rule from a reader and a change of the settings. */
export const rule = <S, T>(read: ReadValue<T>, change: (settings: S, value: T) => S): PropertyRule<S> => ({
  apply: (settings, text) => {
    const result = read(text);
    return 'expected' in result ? result : change(settings, result.value);
  },
});

/** Checked, and without effect. */
export const checkedOnly = <S>(read: ReadValue<unknown>): PropertyRule<S> => rule(read, (settings) => settings);

export interface ApplyOptions {
  /** What the settings are of, for messages. */
  readonly what: string;
  /** Whether a property without rule stops the worker (the original fails on it at run time) or is only worth a warning. */
  readonly unknownIsError: boolean;
  /** How a key is shown where it is not the one the user wrote. */
  readonly names: readonly string[];
}

/** `settings` changed by every property that has a rule; the rest, and bad values, are reported. */
export function applyProperty<S>(
  settings: S,
  property: Property,
  ruleOf: PropertyRule<S> | undefined,
  options: ApplyOptions,
  log: ProblemLog,
): S {
  const { key, value, keyNode, valueNode } = property;
  if (!ruleOf) {
    const message = `unknown ${options.what} \`${key}\`${didYouMean(key, options.names)}`;
    if (options.unknownIsError) log.error('connector.unknown-property', keyNode.position, message);
    else log.tolerate('connector.unknown-property', keyNode.position, `${message}; it is ignored`);
    return settings;
  }
  const result = ruleOf.apply(settings, value);
  if (!isRefusal(result)) return result;
  log.error('connector.invalid-value', valueNode.position, `\`${key}\`: expected ${result.expected}, got \`${value.slice(0, 60)}\``);
  return settings;
}

const integerOf = (text: string): number | undefined => (/^[-+]?\d{1,19}$/.test(text) ? Number(text) : undefined);

export const wholeNumber =
  (min: number, max: number): ReadValue<number> =>
  (text) => {
    const value = integerOf(text);
    if (value !== undefined && value >= min && value <= max) return { value };
    return { expected: max >= Number.MAX_SAFE_INTEGER ? `an integer of at least ${min}` : `an integer from ${min} to ${max}` };
  };

export const nonNegative = wholeNumber(0, Number.MAX_SAFE_INTEGER);
/** Java's `int`, where a negative number means off. */
export const javaInt = wholeNumber(-(2 ** 31), 2 ** 31 - 1);

export const nonNegativeDecimal: ReadValue<number> = (text) => {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && value >= 0 ? { value } : { expected: 'a number of at least 0' };
};

export const truth: ReadValue<boolean> = (text) => {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? { value: lower === 'true' } : { expected: 'true or false' };
};

export const anyText: ReadValue<string> = (value) => ({ value });

export const choice =
  <const T extends string>(...options: readonly T[]): ReadValue<T> =>
  (text) => {
    const value = options.find((option) => option === text);
    return value === undefined ? { expected: `one of ${options.join(', ')}` } : { value };
  };
