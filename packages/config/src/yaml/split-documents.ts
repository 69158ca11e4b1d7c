/** Where one YAML document of a file begins and ends. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The documents of a YAML stream, by their markers alone: `---` and `...` at the start of a line cannot be content, so this
 * needs no parser and works on text whose environment variables are not put in yet.
 */
export function splitDocuments(text: string): DocumentSpan[] {
  const spans: DocumentSpan[] = [];
  let start = 0;
  let isOpen = false;
  const close = (end: number) => {
    if (isOpen || hasContent(text.slice(start, end))) spans.push({ start, end });
  };
  for (const { 0: marker, index } of text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm)) {
    const isBare = !isOpen && !hasContent(text.slice(start, index));
    if (marker === '---') {
      if (!isBare) {
        close(index);
        start = index;
      }
      isOpen = true;
    } else {
      close(index);
      start = index + marker.length;
      isOpen = false;
    }
  }
  close(text.length);
  return spans;
}

/** Whether there is more than blank lines, comments and directives. */
const hasContent = (text: string): boolean =>
  /^(?!\s*(?:#|$)|%)/m.test(text) && text.split('\n').some((line) => !/^(?:\s*(?:#.*)?|%.*)\r?$/.test(line));
