/** How the picture looks on a screen of a size. */
import { durationText } from '../terminal/quantities.ts';
import type { Screen, ScreenLine, Size } from '../terminal/screen.ts';
import { shorten, widthOf } from '../terminal/shorten.ts';
import { summaryLines } from './summary.ts';
import type { TopState } from './top-state.ts';
import type { Picture } from './view.ts';
import { VIEWS } from './views.ts';

/** Why there is no newer picture. */
export interface Outage {
  readonly message: string;
  readonly forMs: number;
}

const HELP: readonly string[] = [
  'Tab, ← →, 1-6   another view',
  '↑ ↓, PgUp PgDn  scroll; Home and End go to either end',
  's, S            sort by another column, forwards and backwards',
  'r               reverse the order',
  'a               show everything, or leave out what is idle or read to its end',
  'q, Esc, Ctrl-C  leave',
  '',
  'Lanes, shards and owners are as Redis has them. Rates, lag and load are those that workers report: every',
  'second while this is open, from their next report on.',
  '',
  'any key closes this',
];

export interface RenderedTop {
  readonly screen: Screen;
  /** How far it is scrolled: no further than there are rows. */
  readonly scroll: number;
}

export function renderTop(state: TopState, picture: Picture | undefined, outage: Outage | undefined, size: Size): RenderedTop {
  if (picture && !state.isHelp) return renderPicture(state, picture, outage, size);
  return { screen: screenOf(picture ? HELP.map(muted) : loading(outage), size), scroll: state.scroll };
}

const screenOf = (lines: readonly ScreenLine[], { rows, columns }: Size): Screen => ({
  lines: lines.slice(0, rows).map(({ text, style }) => ({ text: shorten(text, columns), style })),
});

const plain = (text: string): ScreenLine => ({ text, style: 'plain' });
const muted = (text: string): ScreenLine => ({ text, style: 'muted' });

const loading = (outage: Outage | undefined): ScreenLine[] => [outage ? { text: outageText(outage), style: 'bad' } : muted('reading …')];

const outageText = ({ message, forMs }: Outage): string => `no answer from Redis for ${durationText(forMs)}: ${message}`;

function renderPicture(state: TopState, picture: Picture, outage: Outage | undefined, { rows, columns }: Size): RenderedTop {
  const view = VIEWS[state.view]!;
  const order = { sort: state.sorts[state.view]!, isReversed: state.isReversed, isAll: state.isAll };
  const { head, lines, quiet } = view.show(picture, order, columns);
  const top: ScreenLine[] = [
    ...summaryLines(picture.overview, columns).map(plain),
    { text: tabs(state.view, columns), style: 'focusedRule' },
    { text: lines.length === 0 ? '' : head, style: 'highlight' },
  ];
  const notes: ScreenLine[] = outage ? [{ text: outageText(outage), style: 'bad' }] : [];
  const height = Math.max(1, rows - top.length - notes.length - 1);
  const first = Math.min(state.scroll, Math.max(0, lines.length - height));
  const shown: ScreenLine[] = lines.length === 0 ? [muted(view.nothing)] : lines.slice(first, first + height);
  const filling = Array.from({ length: Math.max(0, height - shown.length) }, () => plain(''));
  const place = lines.length > height ? `${first + 1}-${first + shown.length} of ${lines.length}` : `${lines.length}`;
  const left = quiet > 0 ? `, ${quiet} left out` : '';
  const sort = `${view.sorts[order.sort]}${state.isReversed ? ' reversed' : ''}`;
  const keys = `${place}${left} · s sort: ${sort} · a all · Tab view · ? help · q quit`;
  return { screen: screenOf([...top, ...shown, ...filling, ...notes, muted(keys)], { rows, columns }), scroll: first };
}

/** ` 1 shards  2 lanes …`, with the view that is shown in brackets; only its name where there is no room. */
function tabs(selected: number, columns: number): string {
  const text = VIEWS.map(({ title }, index) => (index === selected ? `[${index + 1} ${title}]` : ` ${index + 1} ${title} `)).join('');
  const line = widthOf(text) <= columns ? text : `[${selected + 1} ${VIEWS[selected]!.title}]`;
  return `${line}${'─'.repeat(Math.max(0, columns - widthOf(line)))}`;
}
