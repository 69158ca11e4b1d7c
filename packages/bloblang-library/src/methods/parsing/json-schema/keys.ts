import { BloblangError, isArray, JsonNumber, type Value, type ValueObject } from '@sluice/values';
import { type Decimal, isWhole, parseDecimal } from './decimal.ts';

/** The keywords of a schema, each read as what it must be. */
export class Keys {
  private readonly object: ValueObject;

  constructor(object: ValueObject) {
    this.object = object;
  }

  has(key: string): boolean {
    return has(this.object, key);
  }

  get(key: string): Value {
    return this.has(key) ? this.object[key]! : null;
  }

  string(key: string, failure: (key: string) => BloblangError): string | undefined {
    if (!this.has(key)) return undefined;
    const value = this.get(key);
    if (typeof value !== 'string') throw failure(key);
    return value;
  }

  bool(key: string): boolean | undefined {
    if (!this.has(key)) return undefined;
    const value = this.get(key);
    if (typeof value !== 'boolean') throw new BloblangError(`${key} must be of a boolean`);
    return value;
  }

  array(key: string, name = key): Value[] | undefined {
    if (!this.has(key)) return undefined;
    const value = this.get(key);
    if (!isArray(value)) throw new BloblangError(`${name} must be of an array`);
    return value;
  }

  number(key: string, failure = (name: string): BloblangError => new BloblangError(`${name} must be of a number`)): Decimal | undefined {
    if (!this.has(key)) return undefined;
    const decimal = decimalOf(this.get(key));
    if (decimal === undefined) throw failure(key);
    return decimal;
  }

  /** A whole number that is not negative. */
  count(key: string): number | undefined {
    if (!this.has(key)) return undefined;
    const decimal = decimalOf(this.get(key));
    if (decimal === undefined || !isWhole(decimal)) throw new BloblangError(`${key} must be of an integer`);
    const count = Number(`${decimal.coefficient}e${decimal.exponent}`);
    if (count < 0) throw new BloblangError(`${key} must be greater than or equal to 0`);
    return count;
  }

  /** A bound of its own, or since draft 4 a flag that sharpens the other bound. */
  exclusive(key: string, other: string, inclusive: Decimal | undefined): { bound: Decimal | undefined; isInclusive: boolean } {
    const value = this.get(key);
    if (typeof value !== 'boolean') return { bound: this.number(key, () => invalidType('boolean/number', key)), isInclusive: true };
    if (inclusive === undefined) throw new BloblangError(`${key} cannot be used without ${other}`);
    return value ? { bound: inclusive, isInclusive: false } : { bound: undefined, isInclusive: true };
  }
}

/** The number of a parsed document; undefined for other values. */
export function decimalOf(value: Value): Decimal | undefined {
  if (typeof value === 'number') return parseDecimal(String(value));
  return value instanceof JsonNumber ? parseDecimal(value.text) : undefined;
}

export const has = (object: ValueObject, key: string): boolean => Object.hasOwn(object, key);

export const invalidType = (expected: string, given: string): BloblangError =>
  new BloblangError(`Invalid type. Expected: ${expected}, given: ${given}`);
