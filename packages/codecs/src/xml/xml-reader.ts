import { BloblangError, encodeText, quote } from '@sluice/values';
import { resolveReferences } from './references.ts';

interface XmlAttribute {
  readonly name: XmlName;
  readonly value: string;
}

export interface XmlName {
  /** Before the colon; empty without one. */
  readonly prefix: string;
  readonly local: string;
}

/** A piece of XML. Comments, directives and processing instructions are left out. */
export type XmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'start'; readonly name: XmlName; readonly attributes: readonly XmlAttribute[]; readonly isEmpty: boolean }
  | { readonly kind: 'end'; readonly name: XmlName };

const NAME = /[^\0-\u007f]|[A-Za-z0-9_:.-]/y;
const NAMES = /(?:[^\0-\u007f]|[A-Za-z0-9_:.-])*/y;
const VALID_NAME = /^[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*$/u;
const SPACE = /[ \t\r\n]*/y;
const UNQUOTED = /[A-Za-z0-9_:-]*/y;
/** A reference that the end of the document cuts off. */
const OPEN_REFERENCE = /&(?:#(?:x[0-9a-fA-F]*|[0-9]*)|(?:[^\0-\u007f]|[A-Za-z0-9_:.-])*)$/;
/** Characters that XML 1.0 does not allow, stray bytes included. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant.
const ILLEGAL = /[\0-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u;

/** Reads XML as Go's decoder does when it is not strict: attributes need no quotes and no value, unknown entities are text. */
export class XmlReader {
  private source: string;
  private position = 0;
  private line = 1;
  private countedTo = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** The next piece, undefined at the end. Throws BloblangError with Go's text. */
  next(): XmlToken | undefined {
    while (this.position < this.source.length) {
      const token = this.source[this.position] === '<' ? this.markup() : { kind: 'text' as const, text: this.text('<', '') };
      if (token !== undefined) return token;
    }
    return undefined;
  }

  fail(message: string): BloblangError {
    return new BloblangError(`XML syntax error on line ${this.lineHere()}: ${message}`);
  }

  private lineHere(): number {
    for (let at = this.source.indexOf('\n', this.countedTo); at >= 0 && at < this.position; at = this.source.indexOf('\n', at + 1)) {
      this.line++;
      this.countedTo = at + 1;
    }
    return this.line;
  }

  private markup(): XmlToken | undefined {
    this.position++;
    switch (this.peek()) {
      case '/':
        return this.endTag();
      case '?':
        return this.instruction();
      case '!':
        return this.declaration();
      default:
        return this.startTag();
    }
  }

  /** The next character, which must be there. */
  private peek(): string {
    const character = this.source[this.position];
    if (character === undefined) throw this.fail('unexpected EOF');
    return character;
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const taken = pattern.exec(this.source)?.[0] ?? '';
    this.position += taken.length;
    return taken;
  }

  /** Goes behind the next occurrence of a text. */
  private skipPast(end: string): string {
    const at = this.source.indexOf(end, this.position);
    const skipped = this.source.slice(this.position, at < 0 ? undefined : at);
    this.position = at < 0 ? this.source.length : at + end.length;
    if (at < 0) throw this.fail('unexpected EOF');
    return skipped;
  }

  private name(expectation: string): string {
    NAME.lastIndex = this.position;
    this.peek();
    if (!NAME.test(this.source)) throw this.fail(expectation);
    const name = this.take(NAMES);
    this.peek();
    if (!VALID_NAME.test(name)) throw this.fail(`invalid XML name: ${name}`);
    return name;
  }

  private qualifiedName(expectation: string): XmlName {
    const name = this.name(expectation);
    const [prefix, local, ...more] = name.split(':');
    if (more.length > 0) throw this.fail(expectation);
    return prefix === '' || local === undefined || local === '' ? { prefix: '', local: name } : { prefix: prefix!, local };
  }

  private startTag(): XmlToken {
    const name = this.qualifiedName('expected element name after <');
    const attributes: XmlAttribute[] = [];
    for (;;) {
      this.take(SPACE);
      const character = this.peek();
      if (character === '>' || character === '/') {
        this.position++;
        if (character === '/' && this.peek() !== '>') throw this.fail('expected /> in element');
        this.position += Number(character === '/');
        return { kind: 'start', name, attributes, isEmpty: character === '/' };
      }
      attributes.push(this.attribute());
    }
  }

  private attribute(): XmlAttribute {
    const name = this.qualifiedName('expected attribute name in element');
    this.take(SPACE);
    if (this.peek() !== '=') return { name, value: name.local };
    this.position++;
    this.take(SPACE);
    const delimiter = this.peek();
    if (delimiter !== '"' && delimiter !== "'") {
      const value = this.take(UNQUOTED);
      this.peek();
      return { name, value };
    }
    this.position++;
    const value = this.text(delimiter, delimiter);
    this.position++;
    return { name, value };
  }

  private endTag(): XmlToken {
    this.position++;
    const name = this.qualifiedName('expected element name after </');
    this.take(SPACE);
    if (this.peek() !== '>') throw this.fail(`invalid characters between </${name.local} and >`);
    this.position++;
    return { kind: 'end', name };
  }

  private instruction(): undefined {
    this.position++;
    const target = this.name('expected target name after <?');
    this.take(SPACE);
    const content = this.skipPast('?>');
    if (target === 'xml') this.applyDeclaration(content);
    return undefined;
  }

  /** The XML declaration: only version 1.0, and what follows is in its encoding. */
  private applyDeclaration(content: string): void {
    const field = (name: string): string => new RegExp(`(?:^|\\s)${name}=(["'])(.*?)\\1`, 's').exec(content)?.[2] ?? '';
    const version = field('version');
    if (version !== '' && version !== '1.0') {
      throw new BloblangError(`xml: unsupported version ${quote(version)}; only version 1.0 is supported`);
    }
    const encoding = field('encoding');
    if (encoding === '' || encoding.toLowerCase() === 'utf-8') return;
    this.lineHere();
    this.source = decode(encodeText(this.source.slice(this.position)), encoding);
    this.position = 0;
    this.countedTo = 0;
  }

  private declaration(): XmlToken | undefined {
    this.position++;
    const character = this.peek();
    if (character === '-') return this.comment();
    if (character === '[') return this.characterData();
    return this.directive();
  }

  private comment(): undefined {
    this.position++;
    if (this.peek() !== '-') throw this.fail('invalid sequence <!- not part of <!--');
    this.position++;
    this.skipPast('--');
    const isEnd = this.peek() === '>';
    this.position++;
    if (!isEnd) throw this.fail('invalid sequence "--" not allowed in comments');
    return undefined;
  }

  private characterData(): XmlToken {
    for (const character of '[CDATA[') {
      if (this.peek() !== character) throw this.fail('invalid <![ sequence');
      this.position++;
    }
    const end = this.source.indexOf(']]>', this.position);
    if (end < 0) {
      this.position = this.source.length;
      throw this.fail('unexpected EOF in CDATA section');
    }
    const text = this.source.slice(this.position, end);
    this.position = end + 3;
    return { kind: 'text', text: this.checked(text.replace(/\r\n?/g, '\n')) };
  }

  /** `<!DOCTYPE …>`: brackets nest, unless they are in quotes or in a comment. */
  private directive(): undefined {
    let depth = 0;
    for (;;) {
      const character = this.peek();
      this.position++;
      if (character === '"' || character === "'") this.skipPast(character);
      else if (character === '<') depth += this.commentInside() ? 0 : 1;
      else if (character === '>' && depth-- === 0) return undefined;
    }
  }

  private commentInside(): boolean {
    if (!this.source.startsWith('!--', this.position)) return false;
    this.position += 3;
    this.skipPast('-->');
    return true;
  }

  /** Text up to a character, or to the end if it is not in quotes, with its references resolved. */
  private text(end: string, quoteCharacter: string): string {
    const start = this.position;
    const found = this.source.indexOf(end, start);
    const stop = found < 0 ? this.source.length : found;
    const raw = this.source.slice(start, stop);
    this.position = stop;
    if (quoteCharacter === '') {
      const close = raw.indexOf(']]>');
      if (close >= 0) throw this.failAt(start + close, 'unescaped ]]> not in CDATA section');
      if (found < 0 && OPEN_REFERENCE.test(raw)) throw this.fail('unexpected EOF');
    } else {
      const open = raw.indexOf('<');
      if (open >= 0) throw this.failAt(start + open, 'unescaped < inside quoted string');
      if (found < 0) throw this.fail('unexpected EOF');
    }
    return this.checked(resolveReferences(raw));
  }

  private failAt(position: number, message: string): BloblangError {
    this.position = position;
    return this.fail(message);
  }

  private checked(text: string): string {
    const illegal = ILLEGAL.exec(text)?.[0];
    if (illegal === undefined) return text;
    const code = illegal.codePointAt(0)!;
    if (code >= 0xd800 && code < 0xe000) throw this.fail('invalid UTF-8');
    throw this.fail(`illegal character code U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
  }
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    throw new BloblangError(`xml: opening charset ${quote(encoding)}: unsupported charset: ${quote(encoding)}`);
  }
}
