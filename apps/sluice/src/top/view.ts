import type { Mailbox } from '@sluice/operator';
import type { DeadLetterSummary } from '@sluice/queue';
import type { Overview } from '@sluice/status';
import type { LineStyle } from '../terminal/screen.ts';
import { type Column, tableLines } from '../terminal/table.ts';

/** What is shown: the installation, and what a view asks for beside it. */
export interface Picture {
  readonly overview: Overview;
  /** Addresses of functions whose messages wait outside their lanes. */
  readonly mailboxes: readonly Mailbox[];
  /** The newest. */
  readonly letters: readonly DeadLetterSummary[];
}

/** An order of rows. */
export interface Sort<Row> {
  readonly title: string;
  readonly key: (row: Row) => number | string;
}

export interface ViewDefinition<Row> {
  readonly title: string;
  readonly rows: (picture: Picture) => readonly Row[];
  readonly columns: (nowMs: number) => readonly Column<Row>[];
  /** The first is where it begins. Numbers begin with the largest, names with A. */
  readonly sorts: readonly Sort<Row>[];
  readonly style: (row: Row) => LineStyle;
  /** Rows of which nothing is to be said: they are shown where all are wanted. */
  readonly isQuiet?: (row: Row) => boolean;
  /** What is said where there is no row. */
  readonly nothing: string;
}

export interface ShownView {
  readonly head: string;
  readonly lines: readonly { readonly text: string; readonly style: LineStyle }[];
  /** Rows that are left out. */
  readonly quiet: number;
}

/** A view whose rows are nobody else's business. */
export interface View {
  readonly title: string;
  readonly nothing: string;
  readonly sorts: readonly string[];
  show(picture: Picture, order: { readonly sort: number; readonly isReversed: boolean; readonly isAll: boolean }, width: number): ShownView;
}

export const defineView = <Row>({ title, nothing, rows, columns, sorts, style, isQuiet = () => false }: ViewDefinition<Row>): View => ({
  title,
  nothing,
  sorts: sorts.map((sort) => sort.title),
  show(picture, { sort, isReversed, isAll }, width) {
    const all = rows(picture);
    const wanted = isAll ? all : all.filter((row) => !isQuiet(row));
    const { key } = sorts[sort % sorts.length]!;
    const sorted = wanted.toSorted((a, b) => compare(key(a), key(b)) * (isReversed ? -1 : 1));
    const [head = '', ...lines] = tableLines(columns(picture.overview.atMs), sorted, width);
    return { head, lines: lines.map((text, index) => ({ text, style: style(sorted[index]!) })), quiet: all.length - wanted.length };
  },
});

const compare = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? b - a : String(a).localeCompare(String(b), 'en', { numeric: true });
