/** A text of several lines with a cursor in it. Immutable; each edit makes a new one. */
export interface TextArea {
  readonly text: string;
  /** Position of the cursor, in UTF-16 units. */
  readonly cursor: number;
}

export const textArea = (text: string, cursor = text.length): TextArea => ({ text, cursor });

export const insert = ({ text, cursor }: TextArea, piece: string): TextArea => replaceRange({ text, cursor }, cursor, cursor, piece);

/** The text with a range replaced and the cursor behind what came in. */
export const replaceRange = ({ text }: TextArea, start: number, end: number, piece: string): TextArea =>
  textArea(text.slice(0, start) + piece + text.slice(end), start + piece.length);

type Motion = (area: TextArea) => number;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const lineStartAt = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

const lineEndAt = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
};

/** Where the cursor goes. A step is one character as people see it. */
const motions = {
  left: ({ text, cursor }) => {
    const start = lineStartAt(text, cursor);
    if (start === cursor) return Math.max(0, cursor - 1);
    return start + ([...graphemes.segment(text.slice(start, cursor))].at(-1)?.index ?? 0);
  },
  right: ({ text, cursor }) => {
    const end = lineEndAt(text, cursor);
    if (end === cursor) return Math.min(text.length, cursor + 1);
    return cursor + (graphemes.segment(text.slice(cursor, end)).containing(0)?.segment.length ?? 0);
  },
  wordLeft: ({ text, cursor }) => /\w*\W*$/.exec(text.slice(0, cursor))?.index ?? 0,
  wordRight: ({ text, cursor }) => cursor + (/^\W*\w*/.exec(text.slice(cursor))?.[0].length ?? 0),
  lineStart: ({ text, cursor }) => lineStartAt(text, cursor),
  lineEnd: ({ text, cursor }) => lineEndAt(text, cursor),
  up: ({ text, cursor }) => {
    const start = lineStartAt(text, cursor);
    if (start === 0) return 0;
    return Math.min(lineStartAt(text, start - 1) + cursor - start, start - 1);
  },
  down: ({ text, cursor }) => {
    const end = lineEndAt(text, cursor);
    if (end === text.length) return end;
    return Math.min(end + 1 + cursor - lineStartAt(text, cursor), lineEndAt(text, end + 1));
  },
} satisfies Record<string, Motion>;

export type MotionName = keyof typeof motions;

export const move = (area: TextArea, motion: MotionName): TextArea => ({ text: area.text, cursor: motions[motion](area) });

/** Without what lies between the cursor and where a motion would go. */
export function erase(area: TextArea, motion: MotionName): TextArea {
  const to = motions[motion](area);
  return replaceRange(area, Math.min(to, area.cursor), Math.max(to, area.cursor), '');
}

/** Without the rest of the line; at its end, without the line break. */
export const eraseToLineEnd = (area: TextArea): TextArea => erase(area, motions.lineEnd(area) === area.cursor ? 'right' : 'lineEnd');

export const isOnFirstLine = ({ text, cursor }: TextArea): boolean => lineStartAt(text, cursor) === 0;

export const isOnLastLine = ({ text, cursor }: TextArea): boolean => lineEndAt(text, cursor) === text.length;
