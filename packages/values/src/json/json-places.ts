import type { Value } from '../value/kinds.ts';
import { getPath, type Path, parseIndex } from '../value/path.ts';
import { BRACE, BRACKET, QUOTE, SMALL_F, SMALL_N, SMALL_T } from './json-characters.ts';
import type { Field } from './json-field.ts';
import { containerAt, numberAt, textAt } from './json-read.ts';
import { JsonScanner, REFUSED } from './json-scanner.ts';
import { type Edit, JsonWriter } from './json-writer.ts';

const scanner = new JsonScanner();
const writer = new JsonWriter(scanner);
let latest = 0;

/**
 * A document of which only what is asked for is read, and that can be written anew without reading the rest. All documents share one
 * scanner, so the places of one are known until another one is scanned.
 */
export class JsonPlaces {
  private readonly content: Uint8Array;
  private id = 0;
  /** The arrays and objects that have been read, by where they begin. */
  private read: Map<number, Value> | undefined;

  private constructor(content: Uint8Array) {
    this.content = content;
  }

  /** `undefined` if the content is no object, or one that must be parsed, see {@link JsonScanner.scan}. */
  static of(content: Uint8Array): JsonPlaces | undefined {
    const places = new JsonPlaces(content);
    return places.scan() ? places : undefined;
  }

  get areKnown(): boolean {
    return this.id === latest;
  }

  /** What is at a path, as `getPath` finds it in the parsed document. The places must be known. */
  get(path: Path): Value {
    let place = scanner.root;
    let { start, end } = place;
    for (let depth = 0; depth < path.length; depth++) {
      const segment = path[depth]!;
      const code = scanner.bytes[start];
      if (code === BRACE) {
        const field = place.field(segment);
        if (field === undefined) return null;
        place = field;
        ({ start, end } = field);
      } else if (code === BRACKET) {
        const index = parseIndex(segment);
        if (index === undefined) return getPath(this.valueAt(start, end), path.slice(depth));
        start = elementStart(place, start, index);
        if (start === REFUSED) return null;
        end = scanner.element(start, place);
      } else {
        return null;
      }
    }
    return this.valueAt(start, end);
  }

  /** Whether what a path leads through are objects, all of them there. The places must be known. */
  canEdit(path: Path): boolean {
    let place: Field | undefined = scanner.root;
    for (let depth = 0; depth < path.length - 1; depth++) {
      place = place.field(path[depth]!);
      if (place === undefined || scanner.bytes[place.start] !== BRACE) return false;
    }
    return true;
  }

  /**
   * The bytes of the document with edits that {@link canEdit} allows, none of them below an earlier one, as `encodeDocument` would
   * write it. `undefined` if that must do it.
   */
  write(edits: readonly Edit[]): Uint8Array | undefined {
    if (!this.areKnown) this.scan();
    if (edits.length === 0 && scanner.root.isCanonical && scanner.size === scanner.root.end - scanner.root.start) return this.content;
    return writer.write(edits);
  }

  private scan(): boolean {
    this.id = ++latest;
    return scanner.scan(this.content);
  }

  private valueAt(start: number, end: number): Value {
    switch (scanner.bytes[start]) {
      case QUOTE:
        return textAt(scanner, start, end);
      case BRACE:
      case BRACKET: {
        this.read ??= new Map();
        const value = this.read.get(start) ?? containerAt(scanner, start, end);
        this.read.set(start, value);
        return value;
      }
      case SMALL_T:
        return true;
      case SMALL_F:
        return false;
      case SMALL_N:
        return null;
      default:
        return numberAt(scanner, start, end);
    }
  }
}

function elementStart(array: Field, start: number, index: number): number {
  let at = scanner.firstElement(start);
  for (let place = 0; place < index && at !== REFUSED; place++) at = scanner.nextElement(scanner.element(at, array));
  return index < 0 ? REFUSED : at;
}
