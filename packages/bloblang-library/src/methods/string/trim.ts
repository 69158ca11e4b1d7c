import { defineMethod } from '@sluice/bloblang';
import { mapText } from './text.ts';

/** What Go takes for white space: like `trim()`, with U+0085 and without U+FEFF. */
const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING_SPACE = new RegExp(`^${SPACE}+`);
const IS_SPACE = new RegExp(SPACE);

export const trim = defineMethod('trim', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text without white space, or without the characters given, at either end.',
  parameters: [{ name: 'cutset', type: 'string', optional: true, description: 'The characters to take away.' }],
  examples: [
    { mapping: 'root.t = this.t.trim()', input: { t: '  hello\n' }, output: { t: 'hello' } },
    { mapping: 'root.t = this.t.trim("!?")', input: { t: '!!!watch out!?' }, output: { t: 'watch out' } },
  ],
  evaluate: (value, [cutset]) => mapText(value, (text) => (cutset === undefined ? trimSpace(text) : trimSet(text, new Set(cutset)))),
});

/** By hand at the end: a pattern anchored there would start over at every space within the text. */
function trimSpace(text: string): string {
  let end = text.length;
  while (end > 0 && IS_SPACE.test(text[end - 1]!)) end--;
  return text.slice(0, end).replace(LEADING_SPACE, '');
}

function trimSet(text: string, set: ReadonlySet<string>): string {
  const characters = [...text];
  let start = 0;
  let end = characters.length;
  while (start < end && set.has(characters[start]!)) start++;
  while (end > start && set.has(characters[end - 1]!)) end--;
  return characters.slice(start, end).join('');
}

export const trimPrefix = defineMethod('trim_prefix', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text without another one that it may begin with.',
  parameters: [{ name: 'prefix', type: 'string', description: 'What to take away, once.' }],
  examples: [{ mapping: 'root.id = this.id.trim_prefix("id-")', input: { id: 'id-7' }, output: { id: '7' } }],
  evaluate: (value, [prefix]) => mapText(value, (text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
});

export const trimSuffix = defineMethod('trim_suffix', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text without another one that it may end with.',
  parameters: [{ name: 'suffix', type: 'string', description: 'What to take away, once.' }],
  examples: [{ mapping: 'root.name = this.file.trim_suffix(".csv")', input: { file: 'a.csv' }, output: { name: 'a' } }],
  evaluate: (value, [suffix]) => mapText(value, (text) => (text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text)),
});
