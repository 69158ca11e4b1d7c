import { describe, expect, it } from 'vitest';
import { shorten, widthOf } from './shorten.ts';
import { type Column, renderTable, tableLines } from './table.ts';

describe('shorten', () => {
  it('leaves the middle out, by columns of a terminal', () => {
    expect(shorten('abcdefghij', 7)).toBe('abc…hij');
    expect(shorten('漢字漢字漢字', 7)).toBe('漢…漢字');
    expect(widthOf(shorten('漢字漢字漢字', 7))).toBeLessThanOrEqual(7);
    expect(shorten('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 5)).toBe('👩‍👩‍👧‍👦…👩‍👩‍👧‍👦');
    expect(['abc', 'abc', 'abc'].map((text, width) => shorten(text, width))).toEqual(['', '…', '…c']);
  });
});

interface Row {
  readonly name: string;
  readonly count: number;
  readonly note: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'name', value: ({ name }) => name, least: 6 },
  { title: 'count', value: ({ count }) => String(count), align: 'right', spare: 1 },
  { title: 'note', value: ({ note }) => note, least: 4 },
];

describe('a table', () => {
  it('is as wide as its values', () => {
    expect(
      renderTable(COLUMNS, [
        { name: '漢字', count: 7, note: 'two\nlines' },
        { name: 'a', count: 12, note: '' },
      ]),
    ).toBe('name  count  note\n漢字      7  two lines\na        12\n');
  });

  it('takes what is too much from the widest columns, then leaves columns out', () => {
    const rows = [{ name: 'a-long-name', count: 1_000, note: 'a note that is long' }];
    const at = (width: number) => tableLines(COLUMNS, rows, width)[1];
    expect(at(39)).toBe('a-long-name   1000  a note that is long');
    expect(at(31)).toBe('a-long-name   1000  a not… long');
    expect(at(23)).toBe('a-l…ame   1000  a n…ong');
    expect(at(16)).toBe('a-l…ame  a n…ong');
    for (let width = 12; width < 40; width++) expect(widthOf(at(width)!)).toBeLessThanOrEqual(width);
  });
});
