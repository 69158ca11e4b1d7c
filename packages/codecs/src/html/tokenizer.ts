/** A piece of HTML: text with its entities as they are written, or a tag without its attributes. Comments are left out. */
export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string; readonly isRaw: boolean }
  | { readonly kind: 'start' | 'end' | 'selfClosing'; readonly name: string };

/** What is inside these is text up to their end tag; in the first two, entities count. */
const TEXT_ELEMENTS = new Set(['textarea', 'title', 'iframe', 'noembed', 'noframes', 'noscript', 'script', 'style', 'xmp']);
const ESCAPABLE = new Set(['textarea', 'title']);

const WHITE = ' \n\r\t\f';

/** Cuts a text into tokens as browsers do. Never fails; each step moves on, so it takes one pass. */
export class HtmlTokenizer {
  private readonly source: string;
  private position = 0;
  /** The element whose text is being read. */
  private textElement = '';

  constructor(source: string) {
    this.source = source;
  }

  *tokens(): Generator<HtmlToken> {
    while (this.position < this.source.length) {
      if (this.textElement !== '') {
        const text = this.textOf(this.textElement);
        const isRaw = !ESCAPABLE.has(this.textElement);
        this.textElement = '';
        if (text !== '') yield { kind: 'text', text, isRaw };
      } else {
        const start = this.findMarkup();
        if (start > this.position) yield { kind: 'text', text: this.source.slice(this.position, start), isRaw: false };
        this.position = start;
        const tag = this.markup();
        if (tag !== undefined) yield tag;
      }
    }
  }

  /** Where the next tag or comment begins. */
  private findMarkup(): number {
    const { source } = this;
    for (let at = source.indexOf('<', this.position); at >= 0; at = source.indexOf('<', at + 1)) {
      const next = source[at + 1] ?? '';
      // A slash and nothing behind it is text.
      if (/[a-zA-Z!?]/.test(next) || (next === '/' && at + 2 < source.length)) return at;
    }
    return source.length;
  }

  /** Reads what begins with `<`; undefined for what is no tag, or has no end. */
  private markup(): HtmlToken | undefined {
    const { source, position } = this;
    if (position >= source.length) return undefined;
    if (source.startsWith('<!--', position)) return this.skipComment();
    const isEnd = source[position + 1] === '/';
    const nameStart = position + (isEnd ? 2 : 1);
    if (!/[a-zA-Z]/.test(source[nameStart] ?? '')) return this.skipTo('>');
    return this.tag(nameStart, isEnd);
  }

  private skipTo(end: string): undefined {
    const at = this.source.indexOf(end, this.position);
    this.position = at < 0 ? this.source.length : at + end.length;
    return undefined;
  }

  /** Behind `-->` or `--!>`; the dashes of the beginning may be those of the end. */
  private skipComment(): undefined {
    COMMENT_END.lastIndex = this.position + 2;
    const end = COMMENT_END.exec(this.source);
    this.position = end === null ? this.source.length : end.index + end[0].length;
    return undefined;
  }

  private tag(nameStart: number, isEnd: boolean): HtmlToken | undefined {
    const { source } = this;
    let at = nameStart;
    while (at < source.length && !WHITE.includes(source[at]!) && source[at] !== '/' && source[at] !== '>') at++;
    const name = source.slice(nameStart, at).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
    const end = this.tagEnd(at);
    this.position = end + 1;
    if (end >= source.length) return undefined;
    if (isEnd) return { kind: 'end', name };
    if (TEXT_ELEMENTS.has(name) || name === 'plaintext') this.textElement = name;
    return { kind: source[end - 1] === '/' ? 'selfClosing' : 'start', name };
  }

  /** Where the `>` of a tag is, behind its attributes; the end of the text if there is none. */
  private tagEnd(start: number): number {
    const { source } = this;
    let at = start;
    while (at < source.length && source[at] !== '>') {
      if (WHITE.includes(source[at]!) || source[at] === '/') {
        at++;
        continue;
      }
      ATTRIBUTE_NAME.lastIndex = at;
      at += ATTRIBUTE_NAME.exec(source)![0].length;
      ATTRIBUTE_VALUE.lastIndex = at;
      at += ATTRIBUTE_VALUE.exec(source)?.[0].length ?? 0;
    }
    return at;
  }

  /** All up to the end tag of an element, which is left for the next step; of `plaintext` there is none. */
  private textOf(element: string): string {
    const { source, position } = this;
    const end = element === 'plaintext' ? null : endTagOf(element, source, position);
    const text = source.slice(position, end ?? source.length);
    this.position += text.length;
    return text;
  }
}

const COMMENT_END = /-->|(?<!<!)--!>/g;
/** The first character may be an equals sign. */
const ATTRIBUTE_NAME = /=?[^=\s/>]*/y;
const ATTRIBUTE_VALUE = /[ \n\r\t\f]*=[ \n\r\t\f]*(?:"[^"]*(?:"|$)|'[^']*(?:'|$)|[^ \n\r\t\f>]*)/y;

function endTagOf(element: string, source: string, from: number): number | null {
  const pattern = new RegExp(`</${element}[ \\n\\r\\t\\f/>]`, 'gi');
  pattern.lastIndex = from;
  return pattern.exec(source)?.index ?? null;
}
