import type { SourceText } from './source-file.ts';

/** A stretch of the text before (`from`–`to`) and what stands there now. */
export interface Replacement {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Environment variable that the text came from. */
  readonly variable?: string;
}

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  readonly variable: string | undefined;
}

/** `source` with replacements made (in order, not overlapping); every position still is one of the original file. */
export function rewriteText(source: SourceText, replacements: readonly Replacement[]): SourceText {
  if (replacements.length === 0) return source;
  const segments: Segment[] = [];
  const parts: string[] = [];
  let length = 0;
  let copied = 0;
  for (const { from, to, text, variable } of replacements) {
    parts.push(source.text.slice(copied, from), text);
    length += from - copied;
    segments.push({ start: length, end: length + text.length, from, to, variable });
    length += text.length;
    copied = to;
  }
  parts.push(source.text.slice(copied));

  /** The last replacement that begins at or before `offset`. */
  const segmentAt = (offset: number): Segment | undefined => {
    let low = -1;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return segments[low];
  };
  const before = (offset: number): number => {
    const segment = segmentAt(offset);
    if (!segment) return offset;
    return offset < segment.end ? segment.from : segment.to + (offset - segment.end);
  };
  return {
    text: parts.join(''),
    locate: (offset) => source.locate(before(offset)),
    variableAt: (offset) => {
      const segment = segmentAt(offset);
      return segment && offset < segment.end ? segment.variable : source.variableAt(before(offset));
    },
  };
}
