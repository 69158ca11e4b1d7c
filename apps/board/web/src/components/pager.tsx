import { countText } from '../model/format.ts';

export interface PagerProps {
  readonly page: number;
  readonly last: number;
  readonly total: number;
  readonly size: number;
  readonly onPage: (page: number) => void;
  readonly what: string;
}

export const Pager = ({ page, last, total, size, onPage, what }: PagerProps) => (
  <nav class="pager" aria-label={`Pages: ${what}`}>
    <button type="button" class="button" disabled={page === 0} onClick={() => onPage(page - 1)}>
      Previous
    </button>
    <span>
      {countText(page * size + 1)}–{countText(Math.min(total, (page + 1) * size))} of {countText(total)}
    </span>
    <button type="button" class="button" disabled={page >= last} onClick={() => onPage(page + 1)}>
      Next
    </button>
  </nav>
);
