/**
 * Reads through a document without making anything of it: where the value of each field stands, see {@link Field}, and that all of it
 * is JSON. That takes less than half the time of `JSON.parse`.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { encodeText } from '../text/text.ts';
import {
  BACKSLASH,
  BRACE,
  BRACKET,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  hasNoLineSeparator,
  isBlank,
  isDigit,
  isPlainWord,
  isShortEscape,
  isWholeCharacter,
  LARGE_E,
  literalOf,
  MINUS,
  PLUS,
  POINT,
  QUOTE,
  SMALL_E,
  SMALL_U,
  SPACE,
  ZERO,
} from './json-characters.ts';
import { Field } from './json-field.ts';
import { encodeJsonString } from './json-string.ts';

/** Documents beyond these are parsed. */
const MAX_SIZE = 1 << 20;
const MAX_NESTING = 64;

/** Keys of a stream that has ever new ones must not fill the memory. */
const MAX_FIELDS = 20_000;
const MAX_KEY_LENGTH = 128;

const NOTHING_THERE = new Uint8Array();

/** A float has that many digits that are always kept, */
export const CERTAIN_DIGITS = 15;
/** and prints fractions up to that length without an exponent. */
export const CERTAIN_FRACTION = 6;

/** What is no JSON, or not of the plain kind that is scanned. */
export const REFUSED = -1;

export class JsonScanner {
  /** The document scanned last, a zero behind it, and room to write it anew behind that. */
  bytes: Buffer = Buffer.allocUnsafeSlow(16_384);
  private words = wordsOf(this.bytes);
  size = 0;
  isAscii = true;
  hasEscapes = false;
  /** Whether there may be numbers that JavaScript would print otherwise than they stand there. */
  hasOddNumbers = false;
  /** The document itself, as the value of a field. */
  readonly root = new Field('', NOTHING_THERE, NOTHING_THERE, undefined);
  private fieldCount = 0;
  /** Counts what is not written as it stands there. */
  private oddities = 0;

  /**
   * Whether the content is an object whose places are known now. If not, it may still be a document: one with a key twice, with
   * halves of characters, too deep or too large, or with more keys than can be remembered.
   */
  scan(content: Uint8Array): boolean {
    if (content.length > MAX_SIZE) return false;
    this.isAscii = isAscii(content);
    if (!this.isAscii && !(isUtf8(content) && hasNoLineSeparator(content))) return false;
    this.reserve(content.length + 1);
    this.bytes.set(content);
    this.bytes[content.length] = 0;
    this.size = content.length;
    this.hasEscapes = false;
    this.hasOddNumbers = false;
    this.oddities = 0;
    const { root } = this;
    root.start = this.skipBlanks(0);
    if (this.bytes[root.start] !== BRACE) return false;
    root.end = this.value(root.start, root, 0);
    const isWhole = root.end !== REFUSED && this.skipBlanks(root.end) === content.length;
    root.isCanonical = this.oddities === 0;
    return isWhole;
  }

  /** A field that is added behind those of an object, for writing. `undefined` if there are too many to remember. */
  addField(place: Field, key: string): Field | undefined {
    const added = this.fieldAfter(place, place.lastAdded ?? place.last, encodeJsonString(key));
    if (added !== undefined) place.lastAdded = added;
    return added;
  }

  /** The field of a key that follows another one. `undefined` if the object has it already, or if there are too many. */
  private fieldAfter(place: Field, previous: Field | undefined, literal: string): Field | undefined {
    const known = place.known(previous);
    const field = known.get(literal) ?? this.newField(previous, literal);
    if (field !== undefined) known.set(literal, field);
    return field;
  }

  /** Where the element of an array ends that begins at a place. */
  element(at: number, array: Field): number {
    return this.value(at, array, 0);
  }

  /** Where the next element of an array begins, given where one ends; `REFUSED` behind the last one. */
  nextElement(end: number): number {
    const at = this.skipBlanks(end);
    return this.bytes[at] === COMMA ? this.skipBlanks(at + 1) : REFUSED;
  }

  /** Where the first element of an array begins; `REFUSED` if it has none. */
  firstElement(start: number): number {
    const at = this.skipBlanks(start + 1);
    return this.bytes[at] === CLOSING_BRACKET ? REFUSED : at;
  }

  /** The text from one place to another one. */
  text(start: number, end: number): string {
    return this.isAscii ? this.bytes.toString('latin1', start, end) : this.bytes.toString('utf8', start, end);
  }

  /** Makes room behind the document, up to `end`; what stands there is kept. */
  reserve(end: number): void {
    if (end <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(4 * end);
    larger.set(this.bytes);
    this.bytes = larger;
    this.words = wordsOf(larger);
  }

  private newField(previous: Field | undefined, literal: string): Field | undefined {
    if (this.fieldCount >= MAX_FIELDS || literal.length > MAX_KEY_LENGTH) return undefined;
    const key = JSON.parse(literal) as string;
    if (previous?.has(key)) return undefined;
    this.fieldCount++;
    return new Field(key, encodeText(literal), encodeText(`${encodeJsonString(key)}:`), previous);
  }

  private value(at: number, place: Field, depth: number): number {
    const code = this.bytes[at]!;
    if (code === QUOTE) return this.string(at + 1);
    if (code === BRACE) return this.object(at + 1, place, depth + 1);
    if (code === BRACKET) return this.array(at + 1, place, depth + 1);
    return code === MINUS || isDigit(code) ? this.number(at) : this.word(at, code);
  }

  private object(start: number, place: Field, depth: number): number {
    const { bytes } = this;
    if (depth > MAX_NESTING) return REFUSED;
    let at = bytes[start]! <= SPACE ? this.skipBlanks(start) : start;
    if (bytes[at] === CLOSING_BRACE) {
      place.last = undefined;
      return at + 1;
    }
    let previous: Field | undefined;
    for (;;) {
      const field = this.key(at, place, previous);
      if (field === undefined) return REFUSED;
      at += field.literal.length;
      if (bytes[at]! <= SPACE) at = this.skipBlanks(at);
      if (bytes[at++] !== COLON) return REFUSED;
      if (bytes[at]! <= SPACE) at = this.skipBlanks(at);
      const oddities = this.oddities;
      field.start = at;
      at = this.value(at, field, depth);
      if (at === REFUSED) return REFUSED;
      field.end = at;
      field.isCanonical = this.oddities === oddities;
      if (bytes[at]! <= SPACE) at = this.skipBlanks(at);
      const code = bytes[at++];
      if (code === CLOSING_BRACE) {
        place.last = field;
        if (!field.isInOrder) this.oddities++;
        return at;
      }
      if (code !== COMMA) return REFUSED;
      if (bytes[at]! <= SPACE) at = this.skipBlanks(at);
      previous = field;
    }
  }

  private array(start: number, place: Field, depth: number): number {
    const { bytes } = this;
    if (depth > MAX_NESTING) return REFUSED;
    let at = bytes[start]! <= SPACE ? this.skipBlanks(start) : start;
    if (bytes[at] === CLOSING_BRACKET) return at + 1;
    for (;;) {
      at = this.value(at, place, depth);
      if (at === REFUSED) return REFUSED;
      if (bytes[at]! <= SPACE) at = this.skipBlanks(at);
      const code = bytes[at++];
      if (code === CLOSING_BRACKET) return at;
      if (code !== COMMA) return REFUSED;
      if (bytes[at]! <= SPACE) at = this.skipBlanks(at);
    }
  }

  /** The field whose key stands here: mostly the one that came here last time. */
  private key(at: number, place: Field, previous: Field | undefined): Field | undefined {
    const expected = previous === undefined ? place.first : previous.next;
    if (expected !== undefined && this.isAt(at, expected.literal)) return expected;
    if (this.bytes[at] !== QUOTE) return undefined;
    const end = this.string(at + 1);
    if (end === REFUSED) return undefined;
    const field = this.fieldAfter(place, previous, this.text(at, end));
    if (previous === undefined) place.first = field;
    else previous.next = field;
    return field;
  }

  private isAt(at: number, literal: Uint8Array): boolean {
    const { bytes } = this;
    for (let index = 0; index < literal.length; index++) {
      if (bytes[at + index] !== literal[index]) return false;
    }
    return true;
  }

  /** Where a string ends whose opening quote stands before a place. Four characters at a time, where they can be had. */
  private string(start: number): number {
    const { bytes, words } = this;
    let at = start;
    for (;;) {
      while ((at & 3) === 0 && isPlainWord(words[at >> 2]!)) at += 4;
      const code = bytes[at++]!;
      if (code === QUOTE) return at;
      if (code === BACKSLASH) {
        at = this.escape(at);
        if (at === REFUSED) return REFUSED;
      } else if (code < SPACE) {
        return REFUSED;
      }
    }
  }

  /** Halves of characters, which are the escapes from `\ud800` to `\udfff`, are left to the parser. */
  private escape(at: number): number {
    this.oddities++;
    this.hasEscapes = true;
    if (this.bytes[at] !== SMALL_U) return isShortEscape(this.bytes[at]!) ? at + 1 : REFUSED;
    return isWholeCharacter(this.bytes, at + 1) ? at + 5 : REFUSED;
  }

  private number(start: number): number {
    const { bytes } = this;
    const first = bytes[start] === MINUS ? start + 1 : start;
    let at = bytes[first] === ZERO ? first + 1 : this.digits(first);
    let isCertain = first === start || bytes[first] !== ZERO;
    if (at !== REFUSED && bytes[at] === POINT) {
      const point = at;
      at = this.digits(point + 1);
      isCertain &&= at - point <= CERTAIN_FRACTION + 1 && bytes[at - 1] !== ZERO;
    }
    if (at !== REFUSED && (bytes[at] === SMALL_E || bytes[at] === LARGE_E)) {
      const sign = bytes[at + 1];
      at = this.digits(sign === PLUS || sign === MINUS ? at + 2 : at + 1);
      isCertain = false;
    }
    if (!isCertain || at - start > CERTAIN_DIGITS) this.hasOddNumbers = true;
    return at;
  }

  /** Where a run of digits ends; there must be one at least. */
  private digits(start: number): number {
    const { bytes } = this;
    let at = start;
    while (isDigit(bytes[at]!)) at++;
    return at === start ? REFUSED : at;
  }

  private word(at: number, first: number): number {
    const word = literalOf(first);
    return this.isAt(at, word) ? at + word.length : REFUSED;
  }

  private skipBlanks(start: number): number {
    const { bytes } = this;
    let at = start;
    while (isBlank(bytes[at]!)) at++;
    if (at > start) this.oddities++;
    return at;
  }
}

const wordsOf = ({ buffer, length }: Buffer): Int32Array => new Int32Array(buffer, 0, length >> 2);
