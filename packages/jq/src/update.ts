/** Changed copies of values. What a run of changes made itself, it changes in place. */
import { isArray, isObject, setKey, type Value, type ValueObject } from '@sluice/values';
import { boundsIn, expectedArray, expectedIndex, expectedKey, expectedObject, placesFor } from './access.ts';
import { cannotApplyWith, failedFor, JqError } from './errors.ts';
import { isNumeric, wholeOf } from './numbers.ts';
import { preview } from './text.ts';

/** Stands where something is to go, until all paths are done: indexes must not move before. */
const GONE = Symbol('gone');
type Slot = Value | typeof GONE;

const MAX_INDEX = 2 ** 29;

/** Several changes of one value. */
export class Update {
  #value: Slot;
  readonly #own = new Set<object>();

  constructor(value: Value) {
    this.#value = value;
  }

  /** With all changes. */
  get value(): Value {
    return this.#value === GONE ? null : this.#value;
  }

  /** Throws JqError. */
  set(path: Value, value: Value): void {
    const before = this.value;
    if (!isArray(path)) throw cannotApplyWith('setpath', before, path, value);
    try {
      this.#value = this.#changed(before, path, 0, value);
    } catch (error) {
      throw error instanceof JqError ? failedFor('setpath', before, [path, value], error.message) : error;
    }
  }

  /** Throws JqError. */
  delete(paths: Value): void {
    const before = this.value;
    if (!isArray(paths)) throw cannotApplyWith('delpaths', before, paths);
    try {
      for (const path of paths) {
        if (!isArray(path)) throw expectedArray(path);
        this.#value = this.#changed(this.#value, path, 0, GONE);
      }
    } catch (error) {
      throw error instanceof JqError ? failedFor('delpaths', before, [paths], error.message) : error;
    }
    if (paths.length > 0) this.#value = swept(this.#value);
  }

  #changed(value: Slot, path: readonly Value[], depth: number, to: Slot): Slot {
    if (depth === path.length) return to;
    const key = path[depth]!;
    if (typeof key === 'string') {
      if (value === GONE || value === null || isObject(value)) return this.#changedField(value, key, path, depth, to);
      throw expectedObject(value);
    }
    if (!isNumeric(key) && !isObject(key)) {
      throw value !== GONE && isArray(value) ? expectedIndex('an array', key) : expectedKey(key);
    }
    if (value === GONE) return value;
    if (value !== null && !isArray(value)) throw expectedArray(value);
    if (isObject(key)) return value === null && to === GONE ? value : this.#changedSlice(value ?? [], key, path, depth, to);
    return this.#changedElement(value, wholeOf(key)!, path, depth, to);
  }

  #changedField(object: ValueObject | null | typeof GONE, key: string, path: readonly Value[], depth: number, to: Slot): Slot {
    if (object === GONE) return object;
    const inner = object !== null && Object.hasOwn(object, key) ? object[key]! : undefined;
    if (inner === undefined && to === GONE) return object;
    const changed = this.#changed(inner ?? null, path, depth + 1, to);
    const copy = object !== null && this.#own.has(object) ? object : this.#owned({ ...object });
    setKey(copy, key, changed as Value);
    return copy;
  }

  #changedElement(array: Value[] | null, index: number, path: readonly Value[], depth: number, to: Slot): Slot {
    const length = array?.length ?? 0;
    const place = index < 0 ? index + length : index;
    if (to === GONE && (place < 0 || place >= length)) return array;
    if (place < 0) throw new JqError(`array index should not be negative: ${preview(index)}`);
    if (place >= MAX_INDEX) throw new JqError(`array index too large: ${preview(index)}`);
    const changed = this.#changed(array?.[place] ?? null, path, depth + 1, to);
    const copy = array !== null && this.#own.has(array) ? array : this.#owned([...(array ?? [])]);
    while (copy.length < place) copy.push(null);
    copy[place] = changed as Value;
    return copy;
  }

  #changedSlice(array: Value[], slice: ValueObject, path: readonly Value[], depth: number, to: Slot): Slot {
    const [from, until] = boundsIn(slice);
    const [start, end] = placesFor(isNumeric(from) ? from : null, isNumeric(until) ? until : null, array.length, 'an array');
    if (start === end && to === GONE) return array;
    const changed = this.#changed(array.slice(start, end), path, depth + 1, to);
    if (changed === GONE) {
      const copy: Slot[] = this.#owned([...array]);
      return copy.fill(GONE, start, end) as Value[];
    }
    if (!isArray(changed)) throw expectedArray(changed);
    return this.#owned([...array.slice(0, start), ...changed, ...array.slice(end)]);
  }

  #owned<T extends object>(value: T): T {
    this.#own.add(value);
    return value;
  }
}

/** Without what is gone; what holds any of it is a copy already. */
function swept(value: Slot): Slot {
  if (value === GONE || value === null || typeof value !== 'object') return value;
  if (isArray(value)) {
    if (!value.some(mayHoldGone)) return value;
    return (value as Slot[]).filter((element) => element !== GONE).map((element) => swept(element) as Value);
  }
  if (!isObject(value)) return value;
  for (const [key, inner] of Object.entries(value) as [string, Slot][]) {
    if (inner === GONE) delete value[key];
    else if (mayHoldGone(inner)) setKey(value, key, swept(inner) as Value);
  }
  return value;
}

const mayHoldGone = (value: Slot): boolean => value === GONE || (typeof value === 'object' && value !== null);
