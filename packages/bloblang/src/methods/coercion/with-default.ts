import type { Query } from '../../registry/query.ts';
import { locateError } from '../../value/errors.ts';
import type { Value } from '../../value/kinds.ts';

/** A conversion that gives `fallback`, where there is one, whatever goes wrong: in the target too. */
export const converting =
  (target: Query, convert: (value: Value) => Value, fallback: Value | undefined): Query['evaluate'] =>
  (context) => {
    if (fallback === undefined) {
      const value = target.evaluate(context);
      try {
        return convert(value);
      } catch (error) {
        throw locateError(error, target.annotation);
      }
    }
    try {
      return convert(target.evaluate(context));
    } catch {
      return fallback;
    }
  };
