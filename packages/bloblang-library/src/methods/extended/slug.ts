import { createRequire } from 'node:module';
import { defineMethod } from '@sluice/bloblang';
import { substitutionsOf } from './slug-substitutions.ts';

const require = createRequire(import.meta.url);

/** Its tables are large, so they are read when the first mapping asks for them. */
let transliterate: ((text: string) => string) | undefined;

function loadTransliteration(): (text: string) => string {
  transliterate ??= require('unidecode') as (text: string) => string;
  return transliterate;
}

/** Control characters from U+0080 on stand for nothing. */
const CONTROLS = /[\u0080-\u009f]|[\ud800-\udfff]/g;

export const slug = defineMethod('slug', {
  category: 'String Manipulation',
  status: 'beta',
  isPlugin: true,
  receiver: 'string',
  description:
    'The target as it may stand in a URL: small ASCII letters, digits, `_` and `-`. Other alphabets are transliterated, `&` and `@` become ' +
    'words of a language.',
  parameters: [
    {
      name: 'lang',
      type: 'string',
      default: 'en',
      description: 'The code of the language, `de` or `deu`; English for one that is unknown.',
    },
  ],
  examples: [
    {
      mapping: 'root.slug = this.title.slug()',
      input: { title: 'Bread & Butter, “Crème” brûlée' },
      output: { slug: 'bread-and-butter-creme-brulee' },
    },
    { mapping: 'root.slug = this.title.slug("de")', input: { title: 'Größe & Maß' }, output: { slug: 'groesse-und-mass' } },
  ],
  prepare: ([lang]) => {
    const table = substitutionsOf(lang);
    const toAscii = loadTransliteration();
    return (text) => {
      const substituted = Array.from(text.trim(), (character) => table.get(character) ?? character).join('');
      const ascii = toAscii(substituted.replace(CONTROLS, '')).toLowerCase();
      return ascii
        .replace(/[^a-z0-9_-]/g, '-')
        .replace(/-+/g, '-')
        .replace(/^[-_]+|[-_]+$/g, '');
    };
  },
});
