import { describe, expect, it } from 'vitest';
import { compilePattern } from './compile-pattern.ts';
import { findAll, findFirst, groupKeys } from './pattern.ts';
import { parseTemplate } from './template.ts';

describe('regular expressions', () => {
  it.each<[string, string, string[][]]>([
    ['a.', 'paranormal', [['ar'], ['an'], ['al']]],
    [
      'a(x*)b',
      '-axxb-ab-',
      [
        ['axxb', 'xx'],
        ['ab', ''],
      ],
    ],
    ['x*', 'ab', [[''], [''], ['']]],
    ['b*', 'abc', [[''], ['b'], ['']]],
    [
      '(a)|(b)',
      'ba',
      [
        ['b', '', 'b'],
        ['a', 'a', ''],
      ],
    ],
    ['(?m)^\\w+$', 'one\ntwo', [['one'], ['two']]],
    ['(?i)É', 'éÉ', [['é'], ['É']]],
    ['.', 'é😀', [['é'], ['😀']]],
  ])('find what Go finds: %s in %s', (source, text, found) => {
    expect(findAll(compilePattern(source), text)).toEqual(found);
  });

  it('tell groups by name and number', () => {
    const pattern = compilePattern('(?P<key>\\w+)=(\\w*)');
    expect(groupKeys(pattern)).toEqual(['0', 'key', '2']);
    expect(findFirst(pattern, 'a=1')).toEqual(['a=1', 'a', '1']);
    expect(findFirst(pattern, '-')).toBeUndefined();
  });

  it.each([
    ['(', 'error parsing regexp: missing closing ): `(`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['[b-a]', 'error parsing regexp: invalid character class range: `b-a`'],
    ['\\8', 'error parsing regexp: invalid escape sequence: `\\8`'],
  ])('are refused in the words of Go: %s', (source, message) => {
    expect(() => compilePattern(source)).toThrow(message);
  });

  it('take time in proportion to the text', () => {
    const started = process.cpuUsage().user;
    expect(compilePattern('^(a+)+$').test(`${'a'.repeat(20_000)}!`)).toBe(false);
    expect(process.cpuUsage(undefined).user - started).toBeLessThan(5_000_000);
  });

  it('expand the references of a replacement as Go does', () => {
    const keys = ['0', 'first', '2'];
    expect(parseTemplate('a$0b', keys)).toEqual(['a']);
    expect(parseTemplate('a${0}b $first, $2x ${2}x $$ $ $-', keys)).toEqual([
      'a',
      { group: 0 },
      'b ',
      { group: 1 },
      ', ',
      ' ',
      { group: 2 },
      'x ',
      '$',
      ' $ $-',
    ]);
  });
});
