import { defineMethod } from '@sluice/bloblang';
import { Float64, getTimestamp, toBool, toBytes, toNumber, toText } from '@sluice/values';
import { converting } from './with-default.ts';

export const bool = defineMethod('bool', {
  category: 'Type Coercion',
  status: 'stable',
  description:
    'The target as a bool: a number is true unless it is zero, a text must be one of `1 t T TRUE true True 0 f F FALSE false False`.',
  parameters: [{ name: 'default', type: 'bool', optional: true, description: 'What to give instead of failing.' }],
  examples: [
    { mapping: 'root.on = this.on.bool()', input: { on: 'T' }, output: { on: true } },
    { mapping: 'root.on = this.on.bool(false)', input: { on: 'maybe' }, output: { on: false } },
  ],
  bind: (target, [fallback]) => converting(target, toBool, fallback),
});

export const number = defineMethod('number', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The target as a 64-bit float, read from text if need be.',
  parameters: [{ name: 'default', type: 'float', optional: true, description: 'What to give instead of failing.' }],
  examples: [
    { mapping: 'root.n = this.n.number() + 1', input: { n: '41' }, output: { n: 42 } },
    { mapping: 'root.n = this.n.number(0)', input: { n: 'many' }, output: { n: 0 } },
  ],
  bind: (target, [fallback]) =>
    converting(target, (value) => new Float64(toNumber(value)), fallback === undefined ? undefined : new Float64(fallback)),
});

export const timestamp = defineMethod('timestamp', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The target as a timestamp: a number counts as seconds since 1970, a text must be in RFC 3339 format.',
  parameters: [{ name: 'default', type: 'timestamp', optional: true, description: 'What to give instead of failing.' }],
  examples: [
    { mapping: 'root.at = this.at.timestamp()', input: { at: '2020-08-14T05:54:23.5Z' }, output: { at: '2020-08-14T05:54:23.5Z' } },
    { mapping: 'root.at = this.at.timestamp("1999-12-31T00:00:00Z".timestamp())', input: {}, output: { at: '1999-12-31T00:00:00Z' } },
  ],
  bind: (target, [fallback]) => converting(target, getTimestamp, fallback),
});

export const string = defineMethod('string', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The target as text. Arrays and objects become JSON, floats are written with an exponent from a million on.',
  examples: [
    { mapping: 'root.nested = this.string()', input: { a: [1, null] }, output: { nested: '{"a":[1,null]}' } },
    { mapping: 'root.id = this.id.string()', input: { id: 228930314431312 }, output: { id: '228930314431312' } },
  ],
  evaluate: toText,
});

export const bytes = defineMethod('bytes', {
  category: 'Type Coercion',
  status: 'stable',
  description: 'The text of the target as bytes.',
  examples: [{ mapping: 'root.size = this.name.bytes().length()', input: { name: 'é' }, output: { size: 2 } }],
  evaluate: toBytes,
});
