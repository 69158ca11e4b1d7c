import { DELETED, type Value } from '../value/kinds.ts';
import type { Path } from '../value/path.ts';
import { BRACE, BRACKET, CLOSING_BRACE, CLOSING_BRACKET, COMMA, QUOTE } from './json-characters.ts';
import { encodeDocument } from './json-encode.ts';
import type { Field } from './json-field.ts';
import { textAt } from './json-read.ts';
import { type JsonScanner, REFUSED } from './json-scanner.ts';
import { encodeJsonString } from './json-string.ts';

/** A value that is written in place of what stands at a path; `DELETED` leaves that out. */
export interface Edit {
  readonly path: Path;
  readonly value: Value;
}

/** Edits that are longer are written by `encodeDocument`. */
const MAX_EDITS_LENGTH = 1 << 20;
/** Up to this length it is quicker to copy byte by byte. */
const SHORT = 32;

/** Writes a scanned document anew as `encodeDocument` would write it, with edits. What is not edited is copied from where it stands. */
export class JsonWriter {
  private readonly scanner: JsonScanner;
  private at = 0;

  constructor(scanner: JsonScanner) {
    this.scanner = scanner;
  }

  /** `undefined` if an edit adds a key that cannot be remembered, if the edits are long, or cannot be written. */
  write(edits: readonly Edit[]): Uint8Array | undefined {
    const texts = textsOf(edits);
    if (texts === undefined) return undefined;
    const { scanner } = this;
    const start = scanner.size + 1;
    this.at = start;
    const touched: Field[] = [];
    try {
      let room = scanner.size;
      for (const [place, { path }] of edits.entries()) {
        const field = this.touch(path, texts[place]!, touched);
        if (field === undefined) return undefined;
        room += 3 * texts[place]!.length + field.prefix.length + 1;
      }
      scanner.reserve(start + room);
      this.object(scanner.root);
      return Buffer.from(scanner.bytes.subarray(start, this.at));
    } finally {
      for (const field of touched) field.forgetEdits();
    }
  }

  /** Notes an edit at its field, which is added if there is none. */
  private touch(path: Path, text: string, touched: Field[]): Field | undefined {
    let place = this.scanner.root;
    for (let depth = 0; depth < path.length; depth++) {
      const key = path[depth]!;
      place.isEdited = true;
      touched.push(place);
      const field = place.fieldWithAdded(key) ?? this.scanner.addField(place, key);
      if (field === undefined) return undefined;
      place = field;
    }
    place.edit = text;
    touched.push(place);
    return place;
  }

  private object(place: Field): void {
    const last = place.lastAdded ?? place.last;
    let separator = BRACE;
    for (const field of last === undefined ? [] : last.allInOrder) {
      if (field.edit === LEFT_OUT) continue;
      this.byte(separator);
      separator = COMMA;
      this.bytes(field.prefix);
      if (field.edit !== undefined) this.text(field.edit);
      else if (field.isCanonical && !field.isEdited) this.copy(field.start, field.end);
      else this.value(field.start, field.end, field);
    }
    if (separator === BRACE) this.byte(BRACE);
    this.byte(CLOSING_BRACE);
  }

  private value(start: number, end: number, place: Field): void {
    const code = this.scanner.bytes[start];
    if (code === BRACE) this.object(place);
    else if (code === BRACKET) this.array(start, place);
    else if (code === QUOTE) this.text(encodeJsonString(textAt(this.scanner, start, end)));
    else this.copy(start, end);
  }

  /** Each element is scanned once more, since the places are those of the last one. */
  private array(start: number, place: Field): void {
    const { scanner } = this;
    let separator = BRACKET;
    for (let at = scanner.firstElement(start); at !== REFUSED; ) {
      const end = scanner.element(at, place);
      this.byte(separator);
      separator = COMMA;
      this.value(at, end, place);
      at = scanner.nextElement(end);
    }
    if (separator === BRACKET) this.byte(BRACKET);
    this.byte(CLOSING_BRACKET);
  }

  private byte(code: number): void {
    this.scanner.bytes[this.at++] = code;
  }

  private bytes(source: Uint8Array): void {
    const { bytes } = this.scanner;
    let { at } = this;
    for (let index = 0; index < source.length; index++) bytes[at++] = source[index]!;
    this.at = at;
  }

  private copy(start: number, end: number): void {
    const { bytes } = this.scanner;
    let { at } = this;
    if (end - start > SHORT) {
      bytes.copyWithin(at, start, end);
      at += end - start;
    } else {
      for (let from = start; from < end; from++) bytes[at++] = bytes[from]!;
    }
    this.at = at;
  }

  private text(text: string): void {
    this.at += this.scanner.bytes.write(text, this.at);
  }
}

/** The text of an edit that takes something away. */
const LEFT_OUT = '';

function textsOf(edits: readonly Edit[]): string[] | undefined {
  const texts: string[] = [];
  let length = 0;
  try {
    for (const { value } of edits) {
      const text = value === DELETED ? LEFT_OUT : encodeDocument(value);
      length += text.length;
      texts.push(text);
    }
  } catch {
    return undefined;
  }
  return length > MAX_EDITS_LENGTH ? undefined : texts;
}
