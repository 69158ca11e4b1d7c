import { isArray, type Value } from '@sluice/values';
import { cannotApply, cannotApplyWith, failedFor } from '../errors.ts';
import { compare } from '../order.ts';
import type { Native, Natives } from './native.ts';

interface Keyed {
  readonly value: Value;
  readonly key: Value;
}

/** `NAME` by the values themselves, and `_NAME_by` by keys beside them. */
const both = (name: string, work: (items: Keyed[]) => Value): [string, Native][] => [
  [
    `${name}/0`,
    (value) => {
      if (!isArray(value)) throw cannotApply(name, value);
      return work(value.map((each) => ({ value: each, key: each })));
    },
  ],
  [
    `_${name}_by/1`,
    (value, [keys]) => {
      if (!isArray(value) || !isArray(keys!)) throw cannotApplyWith(`${name}_by`, value, keys!);
      if (value.length !== keys.length) throw failedFor(`${name}_by`, value, [keys], 'length mismatch');
      return work(value.map((each, place) => ({ value: each, key: keys[place]! })));
    },
  ],
];

const sorted = (items: Keyed[]): Keyed[] => items.sort((a, b) => compare(a.key, b.key));

/** The first of the smallest, the last of the largest. */
const smallest = (items: Keyed[]): Value =>
  items.reduce<Keyed | undefined>((best, item) => (best && compare(best.key, item.key) <= 0 ? best : item), undefined)?.value ?? null;
const largest = (items: Keyed[]): Value =>
  items.reduce<Keyed | undefined>((best, item) => (best && compare(best.key, item.key) > 0 ? best : item), undefined)?.value ?? null;

function grouped(items: Keyed[]): Value[][] {
  const groups: Value[][] = [];
  let last: Keyed | undefined;
  for (const item of sorted(items)) {
    if (last && compare(last.key, item.key) === 0) groups.at(-1)!.push(item.value);
    else groups.push([item.value]);
    last = item;
  }
  return groups;
}

export const ordering: Natives = {
  ...Object.fromEntries([
    ...both('sort', (items) => sorted(items).map(({ value }) => value)),
    ...both('group', grouped),
    ...both('unique', (items) => grouped(items).map(([first]) => first!)),
    ...both('min', smallest),
    ...both('max', largest),
  ]),
  'bsearch/1': (value, [what]) => {
    if (!isArray(value)) throw cannotApplyWith('bsearch', value, what!);
    let [from, to] = [0, value.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compare(value[middle]!, what!) < 0) from = middle + 1;
      else to = middle;
    }
    return from < value.length && compare(value[from]!, what!) === 0 ? from : -from - 1;
  },
};
