import { defineMethod } from '../../registry/define-method.ts';
import { isAscii } from '../../value/text.ts';

export const uppercase = defineMethod('uppercase', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text in capital letters.',
  receiver: 'string',
  examples: [{ mapping: 'root.code = this.code.uppercase()', input: { code: 'fr-75' }, output: { code: 'FR-75' } }],
  evaluate: (text) => mapCharacters(text, (character) => character.toUpperCase()),
});

export const lowercase = defineMethod('lowercase', {
  category: 'String Manipulation',
  status: 'stable',
  description: 'The text in small letters.',
  receiver: 'string',
  examples: [{ mapping: 'root.mail = this.mail.lowercase()', input: { mail: 'Ada@Example.ORG' }, output: { mail: 'ada@example.org' } }],
  evaluate: (text) => mapCharacters(text, (character) => character.toLowerCase()),
});

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
