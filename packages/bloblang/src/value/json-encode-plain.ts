/**
 * The common case of JSON output, by way of the engine's own encoder: a document of texts, numbers that a float prints right, bools,
 * arrays and objects, put in order of its keys first. More than twice as fast as writing it piece by piece.
 */
import { Float32, Float64, setKey, type Value, type ValueObject } from './kinds.ts';
import { MAX_TEXT_LENGTH } from './limits.ts';

/** The text of a value, or `null` if the value is not the common case or too large for it. */
export function encodePlainJson(value: Value): string | null {
  try {
    const text = JSON.stringify(new KeySorter().sort(value));
    return isAsGoWouldWrite(text) ? text : null;
  } catch (error) {
    if (error === NOT_PLAIN) return null;
    throw error;
  }
}

const NOT_PLAIN = Symbol('not plain');

/**
 * Line separators are escaped by Go; half characters, which the engine escapes, are U+FFFD there. Beyond the surrogates keys have
 * another order in bytes than in UTF-16 units, by which they were sorted.
 */
const isAsGoWouldWrite = (text: string): boolean => !/[\u2028\u2029\ud800-\uffff]/.test(text) && !text.includes('\\ud');

/** Objects list keys that look like indexes first, whatever the order they were set in. */
const startsWithDigit = (key: string): boolean => key.charCodeAt(0) <= 0x39 && key.charCodeAt(0) >= 0x30;

class KeySorter {
  /** Rough size of the text. A value that holds itself twice and again is small in memory and not in text. */
  private size = 0;

  /** The value with keys in order; parts that are so already are not copied. */
  sort(value: Value): unknown {
    switch (typeof value) {
      case 'string':
        this.spend(value.length);
        return value;
      case 'number':
        return Object.is(value, -0) ? this.refuse() : value;
      case 'bigint':
        return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : this.refuse();
      case 'object':
        return value === null ? null : this.sortObject(value);
      default:
        return value;
    }
  }

  private sortObject(value: Value & object): unknown {
    if (Array.isArray(value)) return this.sortArray(value);
    if (Object.getPrototypeOf(value) === Object.prototype) return this.sortFields(value as ValueObject);
    const isFloat = value instanceof Float64 && !(value instanceof Float32);
    return isFloat && Number.isFinite(value.value) && !Object.is(value.value, -0) ? value.value : this.refuse();
  }

  private sortArray(values: Value[]): unknown[] {
    this.spend(values.length);
    let sorted: unknown[] = values;
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      const element = this.sort(value);
      if (element === value) continue;
      if (sorted === values) sorted = values.slice();
      sorted[index] = element;
    }
    return sorted;
  }

  private sortFields(object: ValueObject): object {
    const keys = Object.keys(object);
    if (inOrder(keys)) return this.sortValues(object, keys);
    keys.sort();
    const sorted: ValueObject = {};
    for (const key of keys) {
      if (startsWithDigit(key)) this.refuse();
      this.spend(key.length);
      setKey(sorted, key, this.sort(object[key]!) as Value);
    }
    return sorted;
  }

  private sortValues(object: ValueObject, keys: readonly string[]): object {
    let sorted = object;
    for (const key of keys) {
      this.spend(key.length);
      const value = object[key]!;
      const field = this.sort(value);
      if (field === value) continue;
      if (sorted === object) sorted = { ...object };
      setKey(sorted, key, field as Value);
    }
    return sorted;
  }

  private spend(length: number): void {
    this.size += length + 1;
    if (this.size > MAX_TEXT_LENGTH) this.refuse();
  }

  private refuse(): never {
    throw NOT_PLAIN;
  }
}

function inOrder(keys: readonly string[]): boolean {
  for (let index = 1; index < keys.length; index++) {
    if (keys[index - 1]! > keys[index]!) return false;
  }
  return true;
}
