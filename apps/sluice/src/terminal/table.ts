export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** For numbers. @default 'left' */
  readonly align?: 'left' | 'right';
}

/** Rows below the titles of their columns, each column as wide as it must be; control characters of the values become blanks. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ value }) => value(row).replace(/\p{Cc}+/gu, ' ')))];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => cells[index]!.length)));
  return lines
    .map((cells) =>
      cells
        .map((cell, index) => (columns[index]!.align === 'right' ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
