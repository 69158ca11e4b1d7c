import { MAJOR } from './major-types.ts';

const INDEFINITE = 31;
const BREAK = 0xff;
/** A reply of the service is four levels deep. */
const MAX_DEPTH = 16;
/** What {@link CborReader.map} and {@link CborReader.array} answer where the length is not told. */
const OPEN_ENDED = -1;

/**
 * Reads CBOR item by item, so that nothing is made of what nobody asks for.
 *
 *     for (let left = reader.map(); reader.hasMore(left); left--) { switch (reader.name()) { case 'Data': … default: reader.skip(); } }
 *
 * Every method throws where the next item is not what it reads, or the body is cut off.
 */
export class CborReader {
  readonly #body: Buffer;
  readonly #names: readonly (readonly KnownName[] | undefined)[];
  #at = 0;
  /** Where the text or bytes lie that {@link CborReader.text}, {@link CborReader.textRange} or {@link CborReader.dataRange} read last. */
  start = 0;
  end = 0;

  /** @param names {@link knownNames} of the members that are looked for */
  constructor(body: Buffer, names: readonly (readonly KnownName[] | undefined)[]) {
    this.#body = body;
    this.#names = names;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#body.length;
  }

  /** How many members follow, for {@link hasMore}. */
  map(): number {
    return this.#container(MAJOR.map, 'a map');
  }

  /** How many items follow, for {@link hasMore}. */
  array(): number {
    return this.#container(MAJOR.array, 'an array');
  }

  hasMore(left: number): boolean {
    if (left >= 0) return left > 0;
    if (this.#body[this.#at] !== BREAK) return true;
    this.#at++;
    return false;
  }

  /** The name of a member; `''` for one that is not known. */
  name(): string {
    const length = this.#lengthOf(MAJOR.text, 'the name of a member');
    const start = this.#advance(length);
    for (const known of this.#names[length] ?? []) if (this.#isAt(start, known.bytes)) return known.name;
    return '';
  }

  /** Text, or `undefined` for null. */
  text(): string | undefined {
    return this.textRange() ? this.#body.toString('utf8', this.start, this.end) : undefined;
  }

  /** Passes over text; where it lies is in `start` and `end`. Answers `false` for null. */
  textRange(): boolean {
    if (this.#takeNull()) return false;
    this.#range(MAJOR.text, 'text');
    return true;
  }

  /** Passes over bytes; where they lie is in `start` and `end`. */
  dataRange(): void {
    this.#range(MAJOR.bytes, 'bytes');
  }

  /** A number, perhaps tagged as a time, or `undefined` for null. */
  number(): number | undefined {
    if (this.#takeNull()) return undefined;
    const head = this.#byte();
    const info = head & 31;
    switch (head >>> 5) {
      case MAJOR.unsigned:
        return this.#argument(info);
      case MAJOR.negative:
        return -1 - this.#argument(info);
      case MAJOR.tag:
        this.#argument(info);
        return this.number();
      case MAJOR.simple:
        if (info === 26) return this.#body.readFloatBE(this.#advance(4));
        if (info === 27) return this.#body.readDoubleBE(this.#advance(8));
    }
    throw unexpected('a number', head);
  }

  /** Passes over an item with all that belongs to it. */
  skip(depth = 0): void {
    if (depth > MAX_DEPTH) throw new Error(`expected CBOR of at most ${MAX_DEPTH} levels`);
    const head = this.#byte();
    const info = head & 31;
    const major = head >>> 5;
    if (info === INDEFINITE) {
      if (major === MAJOR.simple || major < MAJOR.bytes || major === MAJOR.tag) throw unexpected('a data item', head);
      while (this.hasMore(OPEN_ENDED)) this.skip(depth + 1);
      return;
    }
    const argument = this.#argument(info);
    if (major === MAJOR.bytes || major === MAJOR.text) this.#advance(argument);
    else if (major === MAJOR.tag) this.skip(depth + 1);
    else if (major === MAJOR.array || major === MAJOR.map) {
      const items = major === MAJOR.map ? 2 * argument : argument;
      for (let left = items; left > 0; left--) this.skip(depth + 1);
    }
  }

  #container(major: number, what: string): number {
    const head = this.#byte();
    if (head >>> 5 !== major) throw unexpected(what, head);
    return (head & 31) === INDEFINITE ? OPEN_ENDED : this.#argument(head & 31);
  }

  #lengthOf(major: number, what: string): number {
    const head = this.#byte();
    if (head >>> 5 !== major) throw unexpected(what, head);
    return this.#argument(head & 31);
  }

  #range(major: number, what: string): void {
    if (this.#peek() === ((major << 5) | INDEFINITE)) this.#joinChunks(major);
    else {
      this.start = this.#advance(this.#lengthOf(major, what));
      this.end = this.#at;
    }
  }

  /** Text or bytes whose length is not told come in chunks: they are moved together, over the lengths between them, which were read. */
  #joinChunks(major: number): void {
    this.#at++;
    this.start = this.#at;
    this.end = this.#at;
    while (this.hasMore(OPEN_ENDED)) {
      const chunk = this.#advance(this.#lengthOf(major, 'a chunk'));
      this.#body.copyWithin(this.end, chunk, this.#at);
      this.end += this.#at - chunk;
    }
  }

  #takeNull(): boolean {
    const isNull = this.#peek() === 0xf6;
    if (isNull) this.#at++;
    return isNull;
  }

  #argument(info: number): number {
    if (info < 24) return info;
    switch (info) {
      case 24:
        return this.#byte();
      case 25:
        return this.#body.readUInt16BE(this.#advance(2));
      case 26:
        return this.#body.readUInt32BE(this.#advance(4));
      case 27:
        return Number(this.#body.readBigUInt64BE(this.#advance(8)));
    }
    throw new Error(`expected a length of CBOR, found ${info}`);
  }

  #isAt(start: number, bytes: Buffer): boolean {
    for (let index = 0; index < bytes.length; index++) if (this.#body[start + index] !== bytes[index]) return false;
    return true;
  }

  #peek(): number {
    return this.#body[this.#at] ?? cutOff();
  }

  #byte(): number {
    return this.#body[this.#at++] ?? cutOff();
  }

  /** Passes over bytes; answers where they begin. */
  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#body.length - start) cutOff();
    this.#at = start + length;
    return start;
  }
}

export interface KnownName {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Names by their length: recognised by their bytes, which is cheaper than to make a string of each. */
export function knownNames(...names: readonly string[]): readonly (readonly KnownName[] | undefined)[] {
  const byLength: KnownName[][] = [];
  for (const name of names) {
    const alike = byLength[name.length] ?? [];
    byLength[name.length] = alike;
    alike.push({ name, bytes: Buffer.from(name) });
  }
  return byLength;
}

function cutOff(): never {
  throw new Error('expected more of a CBOR body: it is cut off');
}

const unexpected = (what: string, head: number): Error => new Error(`expected ${what} in a CBOR body, found the byte ${head}`);
