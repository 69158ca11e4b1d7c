import { createRequire } from 'node:module';
import type { Faker } from '@faker-js/faker';
import { defineFunction } from '@sluice/bloblang';
import { BloblangError } from '@sluice/values';
import { FAKE_VALUES, type Sources } from './fake-values.ts';

const require = createRequire(import.meta.url);

/** The word lists are megabytes, so they are read when the first mapping asks for them. */
let sources: Sources | undefined;

function loadSources(): Sources {
  const load = (locale: string): Faker => (require(`@faker-js/faker/locale/${locale}`) as { faker: Faker }).faker;
  sources ??= { en: load('en'), zh: load('zh_CN') };
  return sources;
}

const NAMES = [...FAKE_VALUES.keys()].filter((name) => name !== '').map((name) => `\`${name}\``);

export const fake = defineFunction('fake', {
  category: 'Fake Data Generation',
  status: 'beta',
  isPlugin: true,
  description: `Made-up data, another each time, for tests and demonstrations. What it can be: ${NAMES.join(', ')}. Without a name, random letters.`,
  parameters: [{ name: 'function', type: 'string', default: '', description: 'What to make up.' }],
  examples: [
    { mapping: 'root.mail = fake("email")' },
    { mapping: 'root.at = fake("time_string")' },
    { mapping: 'root.user = fake("uuid_hyphenated")' },
  ],
  prepare: ([name]) => {
    const make = FAKE_VALUES.get(name.toLowerCase());
    if (make === undefined) {
      return () => {
        throw new BloblangError(`invalid faker function: ${name}`);
      };
    }
    const loaded = loadSources();
    return () => make(loaded);
  },
});
