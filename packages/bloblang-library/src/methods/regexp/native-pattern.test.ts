import { randomFor, type SeededRandom } from '@sluice/testkit';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { nativePattern } from './native-pattern.ts';
import { findTexts } from './pattern.ts';

const random = randomFor('native patterns');
const seeded = `(SLUICE_TEST_SEED=${random.seed})`;

describe('a pattern that the engine may match', () => {
  it.each(['[0-9]{13,19}', '\\bx\\d+', '^[a-f0-9]{4}$', '^\\w{1,8}@\\w+$', 'a{2,}', 'foo bar', '[\\w.-]+', '[+-]?\\d{1,3}\\.\\d*'])(
    'is %s',
    (source) => {
      expect(nativePattern(source)).toBeDefined();
    },
  );

  it.each([
    ...['', 'a*', 'a?', '^', '$', '\\b', 'a{0,5}'],
    ...['a+b', 'a*b', '\\d+\\b', '[a-z]+$', 'a{2,}$', 'a?'.repeat(7).concat('b'), 'a{257}', '[0-9]{256,}1'],
    ...[
      'a+?',
      '(a)',
      'a|b',
      '.',
      '[^a]',
      '\\s',
      '\\D',
      '\\B',
      '[a-Z]',
      '[+-/]',
      '[[:alpha:]]',
      'é',
      '(?i)a',
      'a{,5}',
      '\\x41',
      '\\pL',
      'a^',
      '$a',
      '\\$$\\$',
    ],
  ])('is not %s', (source) => {
    expect(nativePattern(source)).toBeUndefined();
  });

  it(`matches what Go matches, wherever it is taken ${seeded}`, () => {
    let taken = 0;
    for (let round = 0; round < 3_000; round++) {
      const source = randomPattern(random);
      const native = nativePattern(source);
      if (native === undefined) continue;
      taken++;
      const original = RE2JS.compile(source);
      for (let texts = 0; texts < 10; texts++) {
        const text = randomText(random);
        const [ours, theirs] = [native, original].map((pattern) => ({ found: findTexts(pattern, text), matches: pattern.test(text) }));
        expect({ source, text, ...ours }).toEqual({ source, text, ...theirs });
      }
    }
    expect(taken).toBeGreaterThan(500);
  });

  it('takes time in proportion to the text', () => {
    const text = 'a1'.repeat(200_000);
    const started = process.cpuUsage().user;
    for (const source of ['^\\w+$', '\\w+', '[a-z]{1,8}[0-9]{1,8}x', '\\b[a-z0-9]{1,60}\\b', '[a1]b?c'])
      nativePattern(source)!.test(`${text}!`);
    expect(process.cpuUsage(undefined).user - started).toBeLessThan(5_000_000);
  });
});

const ATOMS = [
  'a',
  'b',
  '-',
  ' ',
  '1',
  '\\d',
  '\\w',
  '\\.',
  '\\$',
  '[a-c]',
  '[ab1]',
  '[\\d.]',
  '[-a]',
  '[a-]',
  '[.$]',
  '\\b',
  '_',
  '.',
  '(a)',
  '[^a]',
];
const QUANTIFIERS = ['', '', '', '?', '+', '*', '{2}', '{1,3}', '{0,2}', '{2,}', '{0}', '+?'];

function randomPattern(of: SeededRandom): string {
  const parts = Array.from({ length: 1 + of.below(4) }, () => {
    const atom = of.pick(ATOMS);
    return atom === '\\b' ? atom : atom + of.pick(QUANTIFIERS);
  });
  return `${of.chance(0.2) ? '^' : ''}${parts.join('')}${of.chance(0.2) ? '$' : ''}`;
}

const randomText = (of: SeededRandom): string =>
  Array.from({ length: of.below(12) }, () =>
    of.pick(['a', 'b', 'c', '1', '2', '.', '$', '-', ' ', '_', 'é', '😀', '\ud83d', '\n', 'ſ', 'K']),
  ).join('');
