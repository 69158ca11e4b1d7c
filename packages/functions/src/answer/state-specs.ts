import { parseTypeName, type StateSpec } from '@sluice/function-protocol';
import { InvalidAnswerError } from './errors.ts';

/** The type of a state that was declared without one. No value has it, so that the state can be deleted but not written. */
const UNSET_TYPE = 'io.statefun.types/unset';

/**
 * The states that a function declares, each with a type. Whether they fit what is registered is the registry's concern.
 * @throws InvalidAnswerError for a type that is none, or a value that would expire before it is written
 */
export const checkStateSpecs = (missing: readonly StateSpec[]): StateSpec[] =>
  missing.map((spec) => {
    const { name, expiration } = spec;
    const typename = spec.typename === '' ? UNSET_TYPE : spec.typename;
    if (!parseTypeName(typename)) {
      throw new InvalidAnswerError(
        'invalid-state-type',
        `the type of state \`${name}\` must be of the form \`<namespace>/<name>\`, got \`${typename}\``,
        { state: name, typename },
      );
    }
    if (expiration.mode !== 'none' && expiration.afterMs <= 0) {
      throw new InvalidAnswerError(
        'invalid-expiration',
        `state \`${name}\` must expire after more than 0 ms, got ${expiration.afterMs} ms; declare it without expiration to keep it`,
        { state: name, afterMs: expiration.afterMs },
      );
    }
    return { ...spec, typename };
  });

/** Whether two names mean one type: slashes at the end do not count. */
export const isSameType = (a: string, b: string): boolean => a === b || canonical(a) === canonical(b);

const canonical = (typename: string): string => typename.replace(/\/+$/, '') || UNSET_TYPE;
