import stringWidth from 'string-width';

const ASCII = /^[\u0020-\u007e]*$/;
const graphemes = new Intl.Segmenter();

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth(text));

/** A text of at most `width` columns: its middle is left out where it is longer, since names and numbers tell apart by their ends. */
export function shorten(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  const characters = [...graphemes.segment(text)].map(({ segment }) => segment);
  const head = taken(characters, Math.floor((width - 1) / 2));
  const tail = taken(characters.toReversed(), width - 1 - widthOf(head.join(''))).toReversed();
  return `${head.join('')}…${tail.join('')}`;
}

/** As many of the characters as fit. */
function taken(characters: readonly string[], width: number): string[] {
  let left = width;
  const fitting: string[] = [];
  for (const character of characters) {
    left -= widthOf(character);
    if (left < 0) break;
    fitting.push(character);
  }
  return fitting;
}
