import { defineMethod } from '@sluice/bloblang';
import { isAscii } from '@sluice/values';
import { mapText } from './text.ts';

export const uppercase = defineMethod('uppercase', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text in capital letters.',
  examples: [{ mapping: 'root.code = this.code.uppercase()', input: { code: 'fr-75' }, output: { code: 'FR-75' } }],
  evaluate: (value) => mapText(value, (text) => mapCharacters(text, (character) => character.toUpperCase())),
});

export const lowercase = defineMethod('lowercase', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text in small letters.',
  examples: [{ mapping: 'root.mail = this.mail.lowercase()', input: { mail: 'Ada@Example.ORG' }, output: { mail: 'ada@example.org' } }],
  evaluate: (value) => mapText(value, (text) => mapCharacters(text, lowerCase)),
});

/** The one letter whose small form is two characters to the engine and one to Go. */
const lowerCase = (character: string): string => (character === 'İ' ? 'i' : character.toLowerCase());

/** Case changes character by character, as in Go: a letter whose capital takes two characters stays. */
function mapCharacters(text: string, change: (character: string) => string): string {
  if (isAscii(text)) return change(text);
  let changed = '';
  for (const character of text) {
    const other = change(character);
    changed += [...other].length === 1 ? other : character;
  }
  return changed;
}

export const capitalize = defineMethod('capitalize', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text with a capital at the beginning of each word and small letters after it.',
  examples: [
    { mapping: 'root.name = this.name.capitalize()', input: { name: "ada o'neill-LOVELACE" }, output: { name: "Ada O'neill-Lovelace" } },
  ],
  evaluate: (value) => mapText(value, (text) => text.replace(WORD, capitalizeWord)),
});

/** Letters, digits and marks, with single apostrophes, dots and colons between them. */
const WORD = /(?:[\p{L}\p{N}\p{M}\p{Pc}\p{Cf}]|['.:·’‘․﹒＇．：](?!['.:·’‘․﹒＇．：]))+/gu;
const CASED = /[\p{Lu}\p{Ll}\p{Lt}ⓐ-ⓩⒶ-Ⓩⅰ-ⅿⅠ-Ⅿªº]/u;

/** Letters that are two in one have a form of their own at the beginning of a word. */
const TITLE_FORMS: ReadonlyMap<string, string> = new Map([
  ['ŉ', 'ʼN'],
  ...['Ǆ', 'ǅ', 'ǆ'].map((letter) => [letter, 'ǅ'] as const),
  ...['Ǉ', 'ǈ', 'ǉ'].map((letter) => [letter, 'ǈ'] as const),
  ...['Ǌ', 'ǋ', 'ǌ'].map((letter) => [letter, 'ǋ'] as const),
  ...['Ǳ', 'ǲ', 'ǳ'].map((letter) => [letter, 'ǲ'] as const),
]);

function capitalizeWord(word: string): string {
  const start = word.search(CASED);
  if (start < 0) return word;
  const letter = String.fromCodePoint(word.codePointAt(start)!);
  return word.slice(0, start) + titleForm(letter) + word.slice(start + letter.length).toLowerCase();
}

function titleForm(letter: string): string {
  const known = TITLE_FORMS.get(letter);
  if (known !== undefined) return known;
  const [first = '', ...rest] = letter.toUpperCase();
  return first + rest.join('').toLowerCase();
}
