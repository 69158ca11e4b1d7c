import { countText } from '../model/format.ts';
import { Icon } from './icon.tsx';

export interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly found: number;
  readonly all: number;
}

/** Finds rows that hold all of its words. The key `/` goes to the first of a page. */
export const FilterField = ({ label, value, onInput, found, all }: FilterFieldProps) => (
  <div class="filter">
    <Icon name="search" />
    <input
      type="search"
      data-filter
      aria-label={label}
      placeholder="Filter"
      autocomplete="off"
      spellcheck={false}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
    <span class="filter-count" role="status">
      {value === '' ? countText(all) : `${countText(found)} of ${countText(all)}`}
    </span>
  </div>
);
