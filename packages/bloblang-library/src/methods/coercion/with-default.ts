import type { Query } from '@sluice/bloblang';
import { locateError, type Value } from '@sluice/values';

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
