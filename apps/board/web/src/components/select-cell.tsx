export interface Selection {
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
  /** Names a row for its checkbox. */
  readonly labelOf: (key: string) => string;
}

export interface SelectCellProps {
  readonly isHead?: boolean;
  readonly label: string;
  /** The rows that it chooses. */
  readonly keys: readonly string[];
  readonly selection: Selection;
}

/** A checkbox that chooses a row, or all rows that are shown. */
export function SelectCell({ isHead, label, keys, selection }: SelectCellProps) {
  const count = keys.filter((key) => selection.chosen.has(key)).length;
  const isChosen = keys.length > 0 && count === keys.length;
  const toggle = () => {
    const next = new Set(selection.chosen);
    for (const key of keys) isChosen ? next.delete(key) : next.add(key);
    selection.onChange(next);
  };
  const box = (
    <input type="checkbox" aria-label={`Choose ${label}`} checked={isChosen} indeterminate={count > 0 && !isChosen} onChange={toggle} />
  );
  return isHead ? (
    <th scope="col" class="select">
      {box}
    </th>
  ) : (
    <td class="select">{box}</td>
  );
}
