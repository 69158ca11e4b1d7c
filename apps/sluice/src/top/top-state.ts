/** What a person has chosen to see. Keys go in, a new state comes out. */
import type { Key } from '../terminal/screen.ts';
import { VIEWS } from './views.ts';

export interface TopState {
  readonly view: number;
  /** Of each view. */
  readonly sorts: readonly number[];
  readonly isReversed: boolean;
  /** Rows above the window. Whoever shows them limits it to what there is. */
  readonly scroll: number;
  /** Also rows of which nothing is to be said. */
  readonly isAll: boolean;
  readonly isHelp: boolean;
  readonly isOver: boolean;
}

export const topState = (): TopState => ({
  view: 0,
  sorts: VIEWS.map(() => 0),
  ...{ isReversed: false, scroll: 0, isAll: false, isHelp: false, isOver: false },
});

type Command = (state: TopState) => TopState;

const PAGE = 10;

const show =
  (step: number): Command =>
  (state) => ({ ...state, view: (state.view + step + VIEWS.length) % VIEWS.length, scroll: 0, isReversed: false });

const scroll =
  (rows: number): Command =>
  (state) => ({ ...state, scroll: Math.max(0, state.scroll + rows) });

const sortBy =
  (step: number): Command =>
  (state) => {
    const count = VIEWS[state.view]!.sorts.length;
    const sorts = state.sorts.with(state.view, (state.sorts[state.view]! + step + count) % count);
    return { ...state, sorts, isReversed: false, scroll: 0 };
  };

const leave: Command = (state) => ({ ...state, isOver: true });

const COMMANDS: Readonly<Record<string, Command>> = {
  tab: show(1),
  right: show(1),
  'shift-tab': show(-1),
  left: show(-1),
  up: scroll(-1),
  k: scroll(-1),
  down: scroll(1),
  j: scroll(1),
  pageup: scroll(-PAGE),
  pagedown: scroll(PAGE),
  space: scroll(PAGE),
  home: (state) => ({ ...state, scroll: 0 }),
  end: scroll(Number.MAX_SAFE_INTEGER / 2),
  s: sortBy(1),
  'shift-s': sortBy(-1),
  r: (state) => ({ ...state, isReversed: !state.isReversed, scroll: 0 }),
  a: (state) => ({ ...state, isAll: !state.isAll, scroll: 0 }),
  h: (state) => ({ ...state, isHelp: true }),
  '?': (state) => ({ ...state, isHelp: true }),
  q: leave,
  escape: leave,
  'ctrl-c': leave,
  'ctrl-d': leave,
};

/** Keys without a meaning change nothing. While the help is shown any key closes it. */
export function pressTopKey(state: TopState, key: Key): TopState {
  const name = nameOf(key);
  if (state.isHelp && name !== 'ctrl-c') return { ...state, isHelp: false };
  const digit = /^[1-9]$/.test(name) ? Number(name) : 0;
  if (digit > 0 && digit <= VIEWS.length) return show(digit - 1 - state.view)(state);
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name]!(state) : state;
}

/** Keys without a name of their own, such as `?`, are called by what they type. */
const nameOf = ({ name, sequence, ctrl, shift }: Key): string => `${ctrl ? 'ctrl-' : ''}${shift ? 'shift-' : ''}${name ?? sequence ?? ''}`;
