import { compileConfig } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { flowText, quotedIfNeeded, scalarText } from './scalar-text.ts';

describe('quotedIfNeeded', () => {
  it.each([
    'orders',
    '100ms',
    'a/b',
    'redis://h:6379',
    '${STREAM:x}',
    'root = this',
    'null',
    'NO',
    '',
    ' a',
    '1',
    '0x1F',
    '1e3',
    '1.5',
    '12:30',
    '.inf',
    '2020-01-01',
    '- a',
    '? a',
    '!a',
    '*a',
    '&a',
    '#a',
    'a #b',
    'a: b',
    'a:',
    '@a',
    '%a',
    '[a',
    '{a',
    'a, b',
    "it's",
    'say "x"',
    `"'`,
    '${! json("id") }',
    'a\nb',
    '\u001b',
    '~',
    '|',
    '>',
    '日本',
    '<<',
  ])('writes %j so that it is read as the same text', (text) => {
    for (const value of [quotedIfNeeded(text), flowText([text]).slice(1, -1)]) {
      const { effective, problems } = compileConfig([{ name: 'a.yaml', text: `sluice:\n  log: {file: ${value}}\n` }], {
        env: { STREAM: '${STREAM:x}' },
      });
      const shown = effective.flatMap(({ values }) => values).find(({ path }) => path.endsWith('.file'))?.value;
      expect({ value, shown, errors: problems.filter(({ severity }) => severity === 'error') }).toEqual({ value, shown: text, errors: [] });
    }
  });

  it('leaves what is safe as it is', () => {
    expect(['orders', '100ms', 'com.example/out', 'root = this'].map(quotedIfNeeded)).toEqual([
      'orders',
      '100ms',
      'com.example/out',
      'root = this',
    ]);
  });
});

describe('scalarText', () => {
  it('shows numbers and flags as such, and everything else as a text', () => {
    expect(['64', '-1', 'true', '007', '1e3', 'x'].map(scalarText)).toEqual(['64', '-1', 'true', '"007"', '"1e3"', 'x']);
  });
});

describe('flowText', () => {
  it('writes lists and objects on one line', () => {
    expect(flowText({ type: 'default', list: ['a, b', 1, null], 'k: v': true })).toBe(
      '{type: default, list: ["a, b", 1, null], "k: v": true}',
    );
  });
});
