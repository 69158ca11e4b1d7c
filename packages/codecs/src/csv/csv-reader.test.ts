import { describe, expect, it } from 'vitest';
import { readCsv } from './csv-reader.ts';

const read = (text: string, delimiter = ',', allowsLazyQuotes = false): string[][] => readCsv(text, { delimiter, allowsLazyQuotes });

describe('the CSV reader', () => {
  it.each<[string, string[][]]>([
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\n\r\n\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '"a ""b"", c","d\ne"\n,\n',
      [
        ['a "b", c', 'd\ne'],
        ['', ''],
      ],
    ],
    ['"a\r\nb"', [['a\nb']]],
    [' a , b ', [[' a ', ' b ']]],
    ['a\r', [['a']]],
    ['', []],
  ])('reads %j', (text, records) => {
    expect(read(text)).toEqual(records);
  });

  it('splits at any one character', () => {
    expect(read('a→"b→c"', '→')).toEqual([['a', 'b→c']]);
  });

  it('lets quotes be where they are if told to', () => {
    expect(read('a"b,"c"d"\n"e" f","g', ',', true)).toEqual([
      ['a"b', 'c"d'],
      ['e" f', 'g'],
    ]);
  });

  it.each([
    ['a"b', 'parse error on line 1, column 2: bare " in non-quoted-field'],
    ['x\né,"b"c', 'parse error on line 2, column 6: extraneous or missing " in quoted-field'],
    ['"a\nb', 'record on line 1; parse error on line 2, column 2: extraneous or missing " in quoted-field'],
    ['a,b\nc', 'record on line 2: wrong number of fields'],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('refuses delimiters that would be ambiguous', () => {
    for (const delimiter of ['"', '\n', '\r', '\ufffd'])
      expect(() => read('a', delimiter)).toThrow('csv: invalid field or comment delimiter');
  });
});
