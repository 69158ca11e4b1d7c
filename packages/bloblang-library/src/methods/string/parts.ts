import { defineMethod } from '@sluice/bloblang';
import { BloblangError, byteLength, checkElements, checkLength, encodeText, INT64_MAX, isAscii, type Value } from '@sluice/values';
import { mapText, textOf } from './text.ts';

export const split = defineMethod('split', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The parts of a text between the places where a delimiter stands; its characters, if the delimiter is empty.',
  parameters: [
    { name: 'delimiter', type: 'string', description: 'The delimiter.' },
    { name: 'empty_as_null', type: 'bool', default: false, description: 'Give null for a part without characters.' },
  ],
  examples: [
    { mapping: 'root.parts = this.line.split(",")', input: { line: 'a,b,,c' }, output: { parts: ['a', 'b', '', 'c'] } },
    { mapping: 'root.parts = this.line.split(",", true)', input: { line: 'a,,c' }, output: { parts: ['a', null, 'c'] } },
  ],
  evaluate: (value, [delimiter, emptyAsNull]) => {
    const text = textOf(value);
    checkElements(delimiter === '' ? text.length : text.length / delimiter.length);
    const parts = delimiter === '' ? [...text] : text.split(delimiter);
    const isBytes = typeof value !== 'string';
    if (!isBytes && !emptyAsNull) return parts;
    return parts.map((part): Value => (part === '' && emptyAsNull ? null : isBytes ? encodeText(part) : part));
  },
});

export const repeat = defineMethod('repeat', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text, a number of times in a row.',
  parameters: [{ name: 'count', type: 'integer', description: 'How many times; none gives an empty text.' }],
  examples: [{ mapping: 'root.line = "-=".repeat(3)', input: {}, output: { line: '-=-=-=' } }],
  prepare: ([count]) => {
    if (count < 0n) throw new BloblangError(`invalid count, must be greater than or equal to zero: ${count}`);
    return (value) =>
      mapText(value, (text) => {
        const bytes = BigInt(byteLength(text));
        if (bytes * count > INT64_MAX) throw new BloblangError(`invalid count, would overflow: ${bytes}*${count}`);
        checkLength(text.length * Number(count));
        return text.repeat(Number(count));
      });
  },
});

export const reverse = defineMethod('reverse', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The characters of a text, or the bytes, from last to first.',
  examples: [{ mapping: 'root.back = this.word.reverse()', input: { word: 'Zoë' }, output: { back: 'ëoZ' } }],
  evaluate: (value) => {
    if (value instanceof Uint8Array) return value.slice().reverse();
    return [...textOf(value)].reverse().join('');
  },
});

export const indexOf = defineMethod('index_of', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'How many bytes stand before the first place where another text is found, -1 if it is not.',
  parameters: [{ name: 'value', type: 'string', description: 'The text to look for.' }],
  examples: [
    { mapping: 'root.at = this.text.index_of("bar")', input: { text: 'foobar' }, output: { at: 3 } },
    { mapping: 'root.at = this.text.index_of("x")', input: { text: 'foobar' }, output: { at: -1 } },
  ],
  evaluate: (value, [wanted]) => {
    const text = textOf(value);
    const found = text.indexOf(wanted);
    return BigInt(found < 0 || isAscii(text) ? found : byteLength(text.slice(0, found)));
  },
});

export const hasPrefix = defineMethod('has_prefix', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'Whether a text begins with another.',
  parameters: [{ name: 'value', type: 'string', description: 'The other text.' }],
  examples: [{ mapping: 'root.is_key = this.v.has_prefix("key_")', input: { v: 'key_7' }, output: { is_key: true } }],
  evaluate: (value, [prefix]) => textOf(value).startsWith(prefix),
});

export const hasSuffix = defineMethod('has_suffix', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'Whether a text ends with another.',
  parameters: [{ name: 'value', type: 'string', description: 'The other text.' }],
  examples: [{ mapping: 'root.is_json = this.file.has_suffix(".json")', input: { file: 'a.csv' }, output: { is_json: false } }],
  evaluate: (value, [suffix]) => textOf(value).endsWith(suffix),
});
