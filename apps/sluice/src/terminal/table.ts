import { shorten, widthOf } from './shorten.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** For numbers. @default 'left' */
  readonly align?: 'left' | 'right';
  /** Where the table is too wide, the column may shrink to this width: its values lose their middles. */
  readonly least?: number;
  /** Where it still is too wide, columns are left out: the one with the highest number first. One without any value always is. */
  readonly spare?: number;
}

/** What fits most windows, and a page of documentation. */
const PAGE_WIDTH = 100;
const GAP = '  ';

/** How wide a table for this stream may be. */
export const widthFor = ({ isTTY, columns }: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number =>
  isTTY ? columns || PAGE_WIDTH : PAGE_WIDTH;

/** Rows below the titles of their columns; control characters of the values become blanks. */
export const renderTable = <Row>(columns: readonly Column<Row>[], rows: readonly Row[], width = PAGE_WIDTH): string =>
  tableLines(columns, rows, width)
    .map((line) => `${line}\n`)
    .join('');

/** The titles, then a line for each row, none wider than `width` as far as the columns allow it. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string[] {
  const cells = columns.map(({ title, value }) => [title, ...rows.map((row) => value(row).replace(/\p{Cc}+/gu, ' '))]);
  const natural = cells.map((column) => column.reduce((widest, cell) => Math.max(widest, widthOf(cell)), 0));
  const isEmpty = (index: number) =>
    rows.length > 0 && columns[index]!.spare !== undefined && cells[index]!.every((cell, line) => line === 0 || cell === '');
  const shown = keptColumns(columns, natural, width).filter((index) => !isEmpty(index));
  const widths = shrunken(columns, natural, shown, width);
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    shown
      .map((index) => padded(shorten(cells[index]![line]!, widths[index]!), widths[index]!, columns[index]!.align))
      .join(GAP)
      .trimEnd(),
  );
}

/** Indexes of the columns that fit when all of them have shrunk. */
function keptColumns<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): number[] {
  const kept = new Set(columns.keys());
  const least = (index: number) => Math.min(natural[index]!, columns[index]!.least ?? natural[index]!);
  const spares = [...kept].filter((index) => columns[index]!.spare !== undefined).sort((a, b) => columns[b]!.spare! - columns[a]!.spare!);
  for (const spare of spares) {
    if (sum([...kept].map(least)) + (kept.size - 1) * GAP.length <= width) break;
    kept.delete(spare);
  }
  return [...kept];
}

/** Takes what is too much from the widest column that may shrink, one by one. */
function shrunken<Row>(columns: readonly Column<Row>[], natural: readonly number[], shown: readonly number[], width: number): number[] {
  const widths = [...natural];
  let excess = sum(shown.map((index) => widths[index]!)) + (shown.length - 1) * GAP.length - width;
  for (; excess > 0; excess--) {
    const candidates = shown.filter((index) => widths[index]! > (columns[index]!.least ?? Number.POSITIVE_INFINITY));
    const widest = candidates.reduce((best, index) => (best === undefined || widths[index]! > widths[best]! ? index : best), candidates[0]);
    if (widest === undefined) break;
    widths[widest]! -= 1;
  }
  return widths;
}

function padded(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
