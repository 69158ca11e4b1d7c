import { defineMethod } from '@sluice/bloblang';
import { BloblangError, checkLength, getString, toGoText, type Value, wrapError } from '@sluice/values';
import { mapText } from './text.ts';

/** Replaces every occurrence; an empty text is found before each character and at the end. */
function replaceAllText(text: string, old: string, replacement: string): string {
  if (!text.includes(old)) return text;
  const parts = old === '' ? ['', ...text, ''] : text.split(old);
  checkLength(text.length + (parts.length - 1) * replacement.length);
  return parts.join(replacement);
}

const PAIR = [
  { name: 'old', type: 'string', description: 'What to replace.' },
  { name: 'new', type: 'string', description: 'What to put in its place.' },
] as const;

const replaceMethod = (name: string, status: 'stable' | 'hidden') =>
  defineMethod(name, {
    category: 'String Manipulation',
    status,
    description: 'The text with every occurrence of another one replaced.',
    parameters: PAIR,
    examples: [{ mapping: `root.t = this.t.${name}("foo", "dog")`, input: { t: 'foo food' }, output: { t: 'dog dogd' } }],
    evaluate: (value, [old, replacement]) => mapText(value, (text) => replaceAllText(text, old, replacement)),
  });

export const replaceAll = replaceMethod('replace_all', 'stable');
export const replace = replaceMethod('replace', 'hidden');

const replaceManyMethod = (name: string, status: 'stable' | 'hidden') =>
  defineMethod(name, {
    category: 'String Manipulation',
    status,
    description: 'As `replace_all`, for several pairs of texts, one pair after the other.',
    parameters: [{ name: 'values', type: 'array', description: 'What to replace and what to put in its place, in turn.' }],
    examples: [{ mapping: `root.t = this.t.${name}(["<", "&lt;", ">", "&gt;"])`, input: { t: '<b>' }, output: { t: '&lt;b&gt;' } }],
    prepare: ([items]) => {
      const texts = pairsOf(items);
      return (value) =>
        mapText(value, (text) => {
          let replaced = text;
          for (let place = 0; place < texts.length; place += 2) replaced = replaceAllText(replaced, texts[place]!, texts[place + 1]!);
          return replaced;
        });
    },
  });

function pairsOf(items: Value[]): string[] {
  if (items.length % 2 !== 0) {
    throw new BloblangError(`invalid arg, replacements should be in pairs and must therefore be even: ${toGoText(items)}`);
  }
  return items.map((item, place) => {
    try {
      return getString(item);
    } catch (error) {
      throw wrapError(`invalid replacement value at index ${place}`, error);
    }
  });
}

export const replaceAllMany = replaceManyMethod('replace_all_many', 'stable');
export const replaceMany = replaceManyMethod('replace_many', 'hidden');
