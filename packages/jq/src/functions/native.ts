import type { Value } from '@sluice/values';

/** A function of a value and of the values of its arguments. Throws JqError. */
export type Native = (value: Value, args: readonly Value[]) => Value;

/** By name and number of arguments, as in `has/1`. */
export type Natives = Readonly<Record<string, Native>>;
