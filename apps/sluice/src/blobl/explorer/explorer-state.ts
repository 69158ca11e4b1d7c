/**
 * The interactive mode, without a terminal: keys go in, a new state comes out. The result of the mapping is not part of it; whoever
 * shows the state asks `tryMapping` for it when the mapping or the sample has changed.
 */
import type { Key } from '../../terminal/screen.ts';
import { type Candidate, commonPrefix, completionAt } from './completion.ts';
import { type History, recall, remember } from './history.ts';
import {
  erase,
  eraseToLineEnd,
  insert,
  isOnFirstLine,
  isOnLastLine,
  type MotionName,
  move,
  replaceRange,
  type TextArea,
  textArea,
} from './text-area.ts';

export type PaneName = 'mapping' | 'sample';

/** A choice of names below the mapping. */
export interface Choice {
  readonly start: number;
  readonly candidates: readonly Candidate[];
  /** The one that stands in the mapping, -1 before the first Tab through them. */
  readonly selected: number;
}

export interface ExplorerState {
  readonly mapping: TextArea;
  readonly sample: TextArea;
  readonly focus: PaneName;
  readonly choice: Choice | undefined;
  readonly history: History;
  /** Lines of the result that are above its pane. */
  readonly resultScroll: number;
  readonly isPasting: boolean;
  readonly isOver: boolean;
}

export const explorerState = (mapping: string, sample: string, history: History): ExplorerState => ({
  mapping: textArea(mapping),
  sample: textArea(sample, 0),
  focus: 'mapping',
  choice: undefined,
  history,
  resultScroll: 0,
  isPasting: false,
  isOver: false,
});

type Command = (state: ExplorerState) => ExplorerState;

/** What a key makes of the state. Keys without a meaning change nothing. */
export function pressKey(state: ExplorerState, key: Key): ExplorerState {
  if (key.name === 'paste-start') return { ...state, isPasting: true };
  if (key.name === 'paste-end') return { ...state, isPasting: false };
  if (state.isPasting) return typed(state, key.name === 'return' || key.name === 'enter' ? '\n' : (key.sequence ?? ''));
  const command = COMMANDS[keyName(key)];
  if (command !== undefined) return command(key.name === 'tab' && !key.shift ? state : { ...state, choice: undefined });
  const isText = !key.ctrl && !key.meta && key.sequence !== undefined;
  return isText ? typed(state, key.sequence!) : state;
}

const keyName = ({ name, ctrl, meta, shift }: Key): string =>
  `${ctrl ? 'ctrl-' : ''}${meta ? 'alt-' : ''}${shift && name === 'tab' ? 'shift-' : ''}${name ?? ''}`;

/** Control characters are not typed into a text; the terminal would obey them when it is shown. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

function typed(state: ExplorerState, sequence: string): ExplorerState {
  const text = sequence.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROL, '');
  return text === '' ? state : edit((area) => insert(area, text))({ ...state, choice: undefined });
}

const edit =
  (change: (area: TextArea) => TextArea): Command =>
  (state) => ({ ...state, [state.focus]: change(state[state.focus]) });

const go = (motion: MotionName): Command => edit((area) => move(area, motion));

const eraseBy = (motion: MotionName): Command => edit((area) => erase(area, motion));

/** Up and down leave the mapping for the history at its first and last line. */
const lineOrHistory =
  (motion: 'up' | 'down'): Command =>
  (state) => {
    const isAtEdge = motion === 'up' ? isOnFirstLine(state.mapping) : isOnLastLine(state.mapping);
    return state.focus === 'mapping' && isAtEdge ? show(motion === 'up' ? -1 : 1)(state) : go(motion)(state);
  };

const show =
  (step: -1 | 1): Command =>
  (state) => {
    const recalled = recall(state.history, step, state.mapping.text);
    if (recalled === undefined) return state;
    return { ...state, history: recalled.history, mapping: textArea(recalled.text), focus: 'mapping', resultScroll: 0 };
  };

const scroll =
  (lines: number): Command =>
  (state) => ({ ...state, resultScroll: Math.max(0, state.resultScroll + lines) });

const switchPane: Command = (state) => ({ ...state, focus: state.focus === 'mapping' ? 'sample' : 'mapping' });

const startOver: Command = (state) => ({
  ...state,
  history: remember(state.history, state.mapping.text),
  mapping: textArea(''),
  focus: 'mapping',
  resultScroll: 0,
});

const leave: Command = (state) => ({ ...state, history: remember(state.history, state.mapping.text), isOver: true });

const complete: Command = (state) => {
  if (state.focus === 'sample') return edit((area) => insert(area, '  '))(state);
  const { mapping, choice } = state;
  if (choice !== undefined) {
    const selected = (choice.selected + 1) % choice.candidates.length;
    const text = choice.candidates[selected]!.text;
    return { ...state, mapping: replaceRange(mapping, choice.start, mapping.cursor, text), choice: { ...choice, selected } };
  }
  const { start, candidates } = completionAt(mapping.text, mapping.cursor, documentOf(state.sample.text));
  if (candidates.length === 0) return state;
  const completed = replaceRange(mapping, start, mapping.cursor, commonPrefix(candidates));
  return { ...state, mapping: completed, choice: candidates.length > 1 ? { start, candidates, selected: -1 } : undefined };
};

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const PAGE = 10;

const COMMANDS: Readonly<Record<string, Command>> = {
  tab: complete,
  'shift-tab': switchPane,
  'ctrl-o': switchPane,
  return: edit((area) => insert(area, '\n')),
  enter: edit((area) => insert(area, '\n')),
  'alt-return': edit((area) => insert(area, '\n')),
  backspace: eraseBy('left'),
  delete: eraseBy('right'),
  left: go('left'),
  right: go('right'),
  'ctrl-b': go('left'),
  'ctrl-f': go('right'),
  'ctrl-left': go('wordLeft'),
  'ctrl-right': go('wordRight'),
  'alt-b': go('wordLeft'),
  'alt-f': go('wordRight'),
  home: go('lineStart'),
  end: go('lineEnd'),
  'ctrl-a': go('lineStart'),
  'ctrl-e': go('lineEnd'),
  up: lineOrHistory('up'),
  down: lineOrHistory('down'),
  'ctrl-p': show(-1),
  'ctrl-n': show(1),
  'ctrl-w': eraseBy('wordLeft'),
  'alt-d': eraseBy('wordRight'),
  'ctrl-u': eraseBy('lineStart'),
  'ctrl-k': edit(eraseToLineEnd),
  'ctrl-x': startOver,
  pageup: scroll(-PAGE),
  pagedown: scroll(PAGE),
  'ctrl-c': leave,
  'ctrl-d': leave,
  escape: (state) => state,
};
