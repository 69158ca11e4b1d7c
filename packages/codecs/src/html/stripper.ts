import { decodeHTML } from 'entities';
import { type HtmlToken, HtmlTokenizer } from './tokenizer.ts';

/** The text of an HTML document, still escaped; of the elements named in `kept`, their tags without attributes. */
export const textOfHtml = (source: string, kept: ReadonlySet<string>): string =>
  source.trim() === '' ? source : new Stripper(kept).strip(source);

/** What stands inside these goes away with them. */
const WITHOUT_CONTENT = new Set('frame frameset iframe noembed noframes noscript nostyle object script style title'.split(' '));

/** Only these make sense without attributes, and attributes are never kept. */
const PLAIN_ELEMENTS = new Set(
  (
    'abbr acronym address article aside audio b bdi blockquote body br button canvas caption center cite code col colgroup datalist dd del ' +
    'details dfn div dl dt em fieldset figcaption figure footer h1 h2 h3 h4 h5 h6 head header hgroup hr html i ins kbd li mark marquee nav ' +
    'ol optgroup option p picture pre q rp rt ruby s samp section select small span strike strong sub summary sup svg table tbody td ' +
    'textarea tfoot th thead title time tr tt u ul var video wbr'
  ).split(' '),
);

/** Never kept, whatever is asked for. */
const UNSAFE = new Set(['script', 'style']);

/** Goes through the tokens of one text and collects what stays of it. */
class Stripper {
  private readonly kept: ReadonlySet<string>;
  private output = '';
  /** How many elements are open whose content goes away. */
  private hidden = 0;
  /** Kept elements that make no sense without attributes: their end tags go too. */
  private readonly dropped: string[] = [];
  private lastStarted = '';

  constructor(kept: ReadonlySet<string>) {
    this.kept = kept;
  }

  strip(source: string): string {
    for (const token of new HtmlTokenizer(source).tokens()) this.take(token);
    return this.output;
  }

  private take(token: HtmlToken): void {
    if (token.kind === 'text') this.text(token.text, token.isRaw);
    else if (token.kind === 'start') this.start(token.name);
    else if (token.kind === 'end') this.end(token.name);
    else if (!UNSAFE.has(token.name) && this.kept.has(token.name) && PLAIN_ELEMENTS.has(token.name)) this.write(`<${token.name}/>`);
  }

  private write(text: string): void {
    if (this.hidden === 0) this.output += text;
  }

  private text(source: string, isRaw: boolean): void {
    if (UNSAFE.has(this.lastStarted)) return;
    const text = source.replace(/\r\n?/g, '\n');
    this.write(escapeText(isRaw ? text : decodeHTML(text)));
  }

  private start(name: string): void {
    this.lastStarted = name;
    if (UNSAFE.has(name)) return;
    if (!this.kept.has(name)) {
      if (WITHOUT_CONTENT.has(name)) this.hidden++;
    } else if (PLAIN_ELEMENTS.has(name)) {
      this.write(`<${name}>`);
    } else {
      this.dropped.push(name);
    }
  }

  private end(name: string): void {
    if (this.lastStarted === name) this.lastStarted = '';
    if (UNSAFE.has(name)) return;
    if (this.dropped.at(-1) === name) this.dropped.pop();
    else if (this.kept.has(name)) this.write(`</${name}>`);
    else if (WITHOUT_CONTENT.has(name) && this.hidden > 0) this.hidden--;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', "'": '&#39;', '<': '&lt;', '>': '&gt;', '"': '&#34;', '\r': '&#13;' };

const escapeText = (text: string): string => text.replace(/[&'<>"\r]/g, (character) => ESCAPES[character]!);
