import { defineMethod } from '@sluice/bloblang';
import { encodeText, setKey, type Value, type ValueObject } from '@sluice/values';
import { textOf } from '../string/text.ts';
import { compilePattern } from './compile-pattern.ts';
import { findAll, findFirst, findTexts, groupKeys } from './pattern.ts';

const PATTERN = { name: 'pattern', type: 'string', description: 'The regular expression, in RE2 syntax.' } as const;

export const reMatch = defineMethod('re_match', {
  category: 'Regular Expressions',
  status: 'stable',
  description: 'Whether a regular expression matches anywhere in the text.',
  parameters: [PATTERN],
  examples: [
    { mapping: 'root.is_id = this.v.re_match("^[a-f0-9]{4}$")', input: { v: '09af' }, output: { is_id: true } },
    { mapping: 'root.is_id = this.v.re_match("^[a-f0-9]{4}$")', input: { v: '09axf' }, output: { is_id: false } },
  ],
  prepare: ([source]) => {
    const pattern = compilePattern(source);
    return (value) => pattern.test(textOf(value));
  },
});

export const reFindAll = defineMethod('re_find_all', {
  category: 'Regular Expressions',
  status: 'stable',
  description: 'All that a regular expression matches in the text.',
  parameters: [PATTERN],
  examples: [{ mapping: 'root.n = this.t.re_find_all("[0-9]+")', input: { t: '2 apples, 15 pears' }, output: { n: ['2', '15'] } }],
  prepare: ([source]) => {
    const pattern = compilePattern(source);
    return (value) => findTexts(pattern, textOf(value));
  },
});

export const reFindAllSubmatch = defineMethod('re_find_all_submatch', {
  category: 'Regular Expressions',
  status: 'stable',
  description: 'For each match of a regular expression an array of the match and of what its groups matched.',
  parameters: [PATTERN],
  examples: [
    {
      mapping: 'root = this.t.re_find_all_submatch("a(x*)b")',
      input: { t: '-axxb-ab-' },
      output: [
        ['axxb', 'xx'],
        ['ab', ''],
      ],
    },
  ],
  prepare: ([source]) => {
    const pattern = compilePattern(source);
    return (value) => findAll(pattern, textOf(value)).map((groups): Value => groups);
  },
});

export const reFindObject = defineMethod('re_find_object', {
  category: 'Regular Expressions',
  status: 'stable',
  description:
    'The first match of a regular expression as an object: the match itself is `0`, a group has its name, or its number if it has none.',
  parameters: [PATTERN],
  examples: [
    {
      mapping: 'root = this.t.re_find_object("(?P<key>\\\\w+)=(\\\\w+)")',
      input: { t: 'a=1' },
      output: { '0': 'a=1', key: 'a', '2': '1' },
    },
  ],
  prepare: ([source]) => {
    const pattern = compilePattern(source);
    const keys = groupKeys(pattern);
    return (value) => groupObject(keys, findFirst(pattern, textOf(value)) ?? [], typeof value !== 'string');
  },
});

export const reFindAllObject = defineMethod('re_find_all_object', {
  category: 'Regular Expressions',
  status: 'stable',
  description: 'All matches of a regular expression as objects, as `re_find_object` makes them.',
  parameters: [PATTERN],
  examples: [
    {
      mapping: 'root = this.t.re_find_all_object("a(?P<x>x*)b")',
      input: { t: 'axxb-ab' },
      output: [
        { '0': 'axxb', x: 'xx' },
        { '0': 'ab', x: '' },
      ],
    },
  ],
  prepare: ([source]) => {
    const pattern = compilePattern(source);
    const keys = groupKeys(pattern);
    return (value) => findAll(pattern, textOf(value)).map((groups) => groupObject(keys, groups, typeof value !== 'string'));
  },
});

/** Of bytes the groups are bytes too. */
function groupObject(keys: readonly string[], groups: readonly string[], isBytes: boolean): ValueObject {
  const object: ValueObject = {};
  for (const [place, group] of groups.entries()) setKey(object, keys[place]!, isBytes ? encodeText(group) : group);
  return object;
}
