/** How the interactive mode looks on a screen of a size: lines of text with a style each, and where the cursor stands. */
import stringWidth from 'string-width';
import type { LineStyle, Screen, ScreenLine, Size } from '../../terminal/screen.ts';
import { helpAt } from './completion.ts';
import type { ExplorerState, PaneName } from './explorer-state.ts';
import type { TextArea } from './text-area.ts';
import type { Trial } from './trial.ts';

const KEYS = 'Tab complete · Shift-Tab mapping/sample · ↑↓ history · PgUp/PgDn result · Ctrl-X new · Ctrl-D leave';
const STYLE_OF_TRIAL: Readonly<Record<Trial['kind'], LineStyle>> = {
  empty: 'muted',
  mapped: 'good',
  dropped: 'warning',
  failed: 'bad',
  unparsed: 'warning',
};

/** `lastGood` is shown below an error, muted, so that what one is working on does not flicker away at each key. */
export function renderScreen(state: ExplorerState, trial: Trial, lastGood: Trial | undefined, { rows, columns }: Size): Required<Screen> {
  const heights = paneHeights(state, rows);
  const mapping = paneView(state.mapping, heights.mapping, columns);
  const sample = paneView(state.sample, heights.sample, columns);
  const result = resultLines(trial, lastGood).flatMap((line) => wrapped(line, columns));
  const scroll = Math.min(state.resultScroll, Math.max(0, result.length - heights.result));
  const shown = result.slice(scroll, scroll + heights.result);
  const more = result.length > heights.result ? ` ${scroll + 1}–${scroll + shown.length} of ${result.length}` : '';
  const lines: ScreenLine[] = [
    rule('mapping', state.focus, columns),
    ...plain(mapping.lines),
    ...choiceOrHelp(state, columns),
    rule('result', state.focus, columns, more),
    ...padded(shown, heights.result),
    rule('sample', state.focus, columns),
    ...plain(sample.lines),
    { text: KEYS, style: 'muted' },
  ];
  const pane = state.focus === 'mapping' ? mapping : sample;
  const top = state.focus === 'mapping' ? 1 : 1 + heights.mapping + 2 + heights.result + 1;
  return {
    lines: lines.slice(0, rows).map(({ text, style }) => ({ text: fit(text, columns), style })),
    cursor: { row: Math.min(rows - 1, top + pane.cursor.row), column: pane.cursor.column },
  };
}

/** What the rules, the help lines and the keys leave, shared out: each text gets what it needs up to a third, the result the rest. */
function paneHeights({ mapping, sample }: ExplorerState, rows: number): Record<PaneName | 'result', number> {
  const available = Math.max(3, rows - 5);
  const share = (text: string): number => Math.max(1, Math.min(text.split('\n').length, Math.floor(available / 3)));
  const heights = { mapping: share(mapping.text), sample: share(sample.text) };
  return { ...heights, result: Math.max(1, available - heights.mapping - heights.sample) };
}

interface PaneView {
  readonly lines: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

/** The part of a text around its cursor. */
function paneView({ text, cursor }: TextArea, height: number, columns: number): PaneView {
  const before = text.slice(0, cursor).split('\n');
  const row = before.length - 1;
  const all = text.split('\n');
  const top = Math.max(0, Math.min(row - Math.floor(height / 2), all.length - height));
  const cursorColumn = stringWidth(visible(before[row]!));
  const left = cursorColumn < columns ? 0 : cursorColumn - Math.floor(columns / 2);
  return {
    lines: all.slice(top, top + height).map((line) => dropColumns(visible(line), left)),
    cursor: { row: row - top, column: cursorColumn - left },
  };
}

function resultLines(trial: Trial, lastGood: Trial | undefined): ScreenLine[] {
  const styled = ({ kind, text }: Trial, style = STYLE_OF_TRIAL[kind]): ScreenLine[] =>
    text.split('\n').map((line) => ({ text: visible(line), style }));
  const isError = trial.kind === 'failed' || trial.kind === 'unparsed';
  if (!isError || lastGood === undefined) return styled(trial);
  return [...styled(trial), { text: '', style: 'plain' }, ...styled(lastGood, 'muted')];
}

function choiceOrHelp(state: ExplorerState, columns: number): ScreenLine[] {
  const { choice, mapping, focus } = state;
  if (choice === undefined) return [{ text: focus === 'mapping' ? (helpAt(mapping.text, mapping.cursor) ?? '') : '', style: 'highlight' }];
  const labels = choice.candidates.map(({ label }, index) => (index === choice.selected ? `[${label}]` : label));
  let first = Math.max(0, choice.selected);
  while (first > 0 && stringWidth(labels.slice(first - 1, choice.selected + 1).join('  ')) < columns - 2) first--;
  return [{ text: `${first > 0 ? '… ' : ''}${labels.slice(first).join('  ')}`, style: 'highlight' }];
}

const rule = (title: string, focus: PaneName, columns: number, note = ''): ScreenLine => ({
  text: `── ${title}${note} ${'─'.repeat(Math.max(0, columns - title.length - note.length - 4))}`,
  style: title === focus ? 'focusedRule' : 'rule',
});

const plain = (lines: readonly string[]): ScreenLine[] => lines.map((text) => ({ text, style: 'plain' }));

const padded = (lines: readonly ScreenLine[], height: number): ScreenLine[] => [
  ...lines,
  ...Array.from({ length: height - lines.length }, () => ({ text: '', style: 'plain' as const })),
];

/** Control characters of a document are shown, never obeyed by the terminal. */
const visible = (text: string): string =>
  text
    .replaceAll('\t', '    ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones.
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu, '\ufffd');

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function fit(text: string, columns: number): string {
  if (text.length <= columns / 2 || stringWidth(text) <= columns) return text;
  let fitted = '';
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns - 1) break;
    fitted += segment;
  }
  return `${fitted}…`;
}

/** A line of the result on as many lines of the screen as it needs. */
function wrapped({ text, style }: ScreenLine, columns: number): ScreenLine[] {
  if (text.length <= columns / 2 || stringWidth(text) <= columns) return [{ text, style }];
  const lines = [''];
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) {
      lines.push('');
      width = stringWidth(segment);
    }
    lines[lines.length - 1] += segment;
  }
  return lines.map((line) => ({ text: line, style }));
}

function dropColumns(text: string, columns: number): string {
  if (columns === 0) return text;
  let width = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (width >= columns) return text.slice(index);
    width += stringWidth(segment);
  }
  return '';
}
