/**
 * Go's time layouts: a layout is the reference time `Mon Jan 2 15:04:05 -0700 MST 2006` written the way a time is to be written.
 * Whatever is not a part of the reference time stands for itself.
 */

/** A part of the reference time, with the text between it and the part before. */
interface LayoutPart {
  readonly literal: string;
  readonly element: string;
}

interface Layout {
  readonly text: string;
  readonly parts: readonly LayoutPart[];
  /** The text after the last part. */
  readonly tail: string;
}

/** A fraction's digits end its number; `_2006` is an underscore and a year; `Janet` and `Month` are words. */
const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|[345]|PM|pm|[-Z]07(?:00(?:00)?|:00(?::00)?)?|[.,](?:0+|9+)(?!\d)/g;

export function splitLayout(text: string): Layout {
  const parts: LayoutPart[] = [];
  let end = 0;
  for (const { 0: element, index } of text.matchAll(ELEMENT)) {
    parts.push({ literal: text.slice(end, index), element });
    end = index + element.length;
  }
  return { text, parts, tail: text.slice(end) };
}

/** `.000` or `,999`, with digits as many as there are. */
export const isFraction = (element: string): boolean => element.length > 1 && (element[0] === '.' || element[0] === ',');

/** `-0700`, `Z07:00` and the like. */
export const isZoneOffset = (element: string): boolean => /^[-Z]07/.test(element);
