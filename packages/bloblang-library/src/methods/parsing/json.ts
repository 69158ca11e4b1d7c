import { defineMethod } from '@sluice/bloblang';
import {
  BloblangError,
  encodeJson,
  encodeJsonForHtml,
  encodeJsonIndented,
  encodeText,
  errorText,
  firstDocument,
  isArray,
  isBeyondFloat,
  isObject,
  parseJson as parseExact,
  parseJsonFloats,
  type Value,
} from '@sluice/values';
import { textOf } from '../string/text.ts';

export const parseJson = defineMethod('parse_json', {
  category: 'Parsing',
  status: 'stable',
  description: 'The value of a JSON document. What stands after the document is not looked at.',
  parameters: [
    {
      name: 'use_number',
      type: 'bool',
      optional: true,
      description: 'Keep numbers as they are written instead of making floats of them, so that long ones lose no digits.',
    },
  ],
  examples: [
    { mapping: 'root.doc = this.raw.parse_json()', input: { raw: '{"a":[1,2.50]}' }, output: { doc: { a: [1, 2.5] } } },
    {
      summary: 'A long number.',
      mapping: 'root.id = this.raw.parse_json(use_number: true).id.string()',
      input: { raw: '{"id":12345678901234567890}' },
      output: { id: '12345678901234567890' },
    },
  ],
  evaluate: (value, [usesNumber]) => {
    const text = textOf(value);
    try {
      return usesNumber === true ? firstDocument(text, parseExact) : firstDocument(text, parseFloats);
    } catch (error) {
      throw new BloblangError(`failed to parse value as JSON: ${errorText(error)}`);
    }
  },
});

/** Where a number might stand that no float can hold. */
const HUGE_NUMBER = /[eE]\+?0*[1-9]\d{2}|\d{290}/;

function parseFloats(text: string): Value {
  const value = parseJsonFloats(text);
  if (HUGE_NUMBER.test(text)) refuseHuge(parseExact(text));
  return value;
}

/** Uses its own stack, because documents nest deeper than calls can. */
function refuseHuge(document: Value): void {
  const open = [document];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (isBeyondFloat(value)) throw new BloblangError(`json: cannot unmarshal number ${value.text} into Go value of type float64`);
    if (isArray(value)) open.push(...value);
    else if (isObject(value)) open.push(...Object.values(value));
  }
}

export const formatJson = defineMethod('format_json', {
  category: 'Parsing',
  status: 'beta',
  description: 'The target as the bytes of a JSON document with sorted keys, indented by four spaces by default.',
  parameters: [
    { name: 'indent', type: 'string', default: '    ', description: 'What each level is indented by.' },
    { name: 'no_indent', type: 'bool', default: false, description: 'Write the document on one line.' },
    { name: 'escape_html', type: 'bool', default: true, description: 'Write `<`, `>` and `&` as escape sequences.' },
  ],
  examples: [
    {
      mapping: 'root.text = this.format_json("  ").string()',
      input: { b: 1, a: [true] },
      output: { text: '{\n  "a": [\n    true\n  ],\n  "b": 1\n}' },
    },
    { mapping: 'root.text = this.format_json(no_indent: true).string()', input: { q: 'a<b' }, output: { text: '{"q":"a\\u003cb"}' } },
    {
      mapping: 'root.text = this.format_json(no_indent: true, escape_html: false).string()',
      input: { q: 'a<b' },
      output: { text: '{"q":"a<b"}' },
    },
  ],
  evaluate: (value, [indent, isOneLine, escapesHtml]) => {
    if (!isOneLine && indent !== '') return encodeText(encodeJsonIndented(value, indent, escapesHtml));
    return encodeText(escapesHtml ? encodeJsonForHtml(value) : encodeJson(value));
  },
});
