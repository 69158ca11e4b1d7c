import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { type Direction, sortRows } from '../model/sort-rows.ts';
import { FilterField } from './filter-field.tsx';
import { Pager } from './pager.tsx';
import { SelectCell, type Selection } from './select-cell.tsx';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  /** What the column is sorted by; without it, it cannot be. */
  readonly sortBy?: (row: T) => number | string | null;
  readonly align?: 'right';
  /** Left out where there is little room. */
  readonly isSecondary?: boolean;
}

export interface DataTableProps<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  /** In the order in which they are shown until a column is sorted. */
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly textOf?: (row: T) => string;
  readonly empty: string;
  readonly selection?: Selection;
  readonly pageSize?: number;
}

const PAGE_SIZE = 50;

/** A table that filters, sorts and pages what it is given. */
export function DataTable<T>({ caption, columns, rows, keyOf, textOf, empty, selection, pageSize = PAGE_SIZE }: DataTableProps<T>) {
  const [filter, setFilter] = useState('');
  const [page, setPage] = useState(0);
  const [sort, setSort] = useState<{ title: string; direction: Direction } | undefined>();
  const column = columns.find(({ title }) => title === sort?.title);
  const shown = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const found = textOf && words.length > 0 ? rows.filter((row) => words.every((word) => textOf(row).toLowerCase().includes(word))) : rows;
    return column?.sortBy && sort ? sortRows(found, column.sortBy, sort.direction) : found;
  }, [rows, filter, column, sort, textOf]);
  const last = Math.max(0, Math.ceil(shown.length / pageSize) - 1);
  const current = Math.min(page, last);
  const visible = shown.slice(current * pageSize, (current + 1) * pageSize);
  return (
    <div class="table-block">
      {textOf && rows.length > 8 && (
        <FilterField label={`Filter: ${caption}`} value={filter} onInput={setFilter} found={shown.length} all={rows.length} />
      )}
      <div class="table-scroll">
        <table>
          <caption class="sr-only">{caption}</caption>
          <thead>
            <tr>
              {selection && <SelectCell isHead label={`all ${visible.length} shown`} keys={visible.map(keyOf)} selection={selection} />}
              {columns.map((each) => (
                <HeadCell
                  key={each.title}
                  column={each}
                  direction={sort?.title === each.title ? sort.direction : undefined}
                  onSort={(direction) => setSort({ title: each.title, direction })}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {visible.map((row) => (
              <tr key={keyOf(row)}>
                {selection && <SelectCell label={selection.labelOf(keyOf(row))} keys={[keyOf(row)]} selection={selection} />}
                {columns.map((each) => (
                  <td key={each.title} class={classOf(each)}>
                    {each.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
            {visible.length === 0 && (
              <tr>
                <td class="empty" colSpan={columns.length + (selection ? 1 : 0)}>
                  {rows.length === 0 ? empty : 'Nothing matches the filter.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      {last > 0 && <Pager page={current} last={last} total={shown.length} size={pageSize} onPage={setPage} what={caption} />}
    </div>
  );
}

interface HeadCellProps<T> {
  readonly column: Column<T>;
  readonly direction: Direction | undefined;
  readonly onSort: (direction: Direction) => void;
}

function HeadCell<T>({ column, direction, onSort }: HeadCellProps<T>) {
  if (!column.sortBy) {
    return (
      <th scope="col" class={classOf(column)}>
        {column.title}
      </th>
    );
  }
  return (
    <th scope="col" class={classOf(column)} aria-sort={direction ?? 'none'}>
      <button
        type="button"
        class={`sort sort-${direction ?? 'none'}`}
        onClick={() => onSort(direction === 'descending' ? 'ascending' : 'descending')}
      >
        {column.title}
      </button>
    </th>
  );
}

const classOf = <T,>({ align, isSecondary }: Column<T>): string =>
  [align === 'right' && 'right', isSecondary && 'secondary'].filter(Boolean).join(' ');
