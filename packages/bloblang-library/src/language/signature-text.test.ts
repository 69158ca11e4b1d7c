import { signatureText } from '@sluice/bloblang';
import { expect, it } from 'vitest';
import { defaultEnvironment } from '../default-environment.ts';

it.each([
  ['uppercase', 'uppercase()'],
  ['replace_all', 'replace_all(old: string, new: string)'],
  ['slice', 'slice(low: integer, [high: integer])'],
  ['format', 'format(...)'],
  ['join', 'join([delimiter: string])'],
])('%s is called as %s', (name, text) => {
  expect(signatureText(defaultEnvironment.method(name))).toBe(text);
});

it('shows what stands in for an argument', () => {
  expect(signatureText(defaultEnvironment.function('random_int'))).toMatch(/\[\w+: \w+ = /);
});
