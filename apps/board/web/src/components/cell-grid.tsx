import { useRef, useState } from 'preact/hooks';
import type { Level } from '../model/level.ts';
import { hideTip, showTip } from './tip.tsx';

export interface Cell {
  readonly key: string;
  /** Everything that it says, for the tip and for a screen reader. */
  readonly label: string;
  readonly href: string;
  readonly level: Level;
  /** 0 to 4: how full or how busy, as a shade; `hollow` where nobody holds it. */
  readonly shade: 0 | 1 | 2 | 3 | 4 | 'hollow';
}

export interface CellGridProps {
  readonly label: string;
  readonly cells: readonly Cell[];
  readonly size: 'small' | 'medium' | 'large';
}

/** Many things as small squares, each a link. One stop of the Tab key; the arrow keys walk within. */
export function CellGrid({ label, cells, size }: CellGridProps) {
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState(0);
  const active = Math.min(current, cells.length - 1);
  const walk = (event: KeyboardEvent) => {
    const to = stepOf(event.key, active, cells.length, columnsOf(list.current!));
    if (to === undefined) return;
    event.preventDefault();
    setCurrent(to);
    (list.current!.children[to]!.firstElementChild as HTMLElement).focus();
  };
  return (
    <ul ref={list} class={`cells cells-${size}`} aria-label={label} onKeyDown={walk} onPointerLeave={hideTip}>
      {cells.map((cell, index) => (
        <li key={cell.key}>
          {/* biome-ignore lint/a11y/useAnchorContent: aria-label names it */}
          <a
            href={cell.href}
            class={`cell level-${cell.level} shade-${cell.shade}`}
            aria-label={cell.label}
            tabIndex={index === active ? 0 : -1}
            onPointerEnter={(event) => showTip(event.currentTarget, cell.label)}
            onFocus={(event) => {
              setCurrent(index);
              showTip(event.currentTarget, cell.label);
            }}
            onBlur={hideTip}
          />
        </li>
      ))}
    </ul>
  );
}

const columnsOf = (list: HTMLElement): number => {
  const top = (list.children[0] as HTMLElement | undefined)?.offsetTop;
  const next = [...list.children].findIndex((child) => (child as HTMLElement).offsetTop !== top);
  return next === -1 ? list.children.length : next;
};

function stepOf(key: string, from: number, count: number, columns: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    Home: 0,
    End: count - 1,
  };
  const to = steps[key];
  return to === undefined || to < 0 || to >= count ? undefined : to;
}
