import { type Edit, JsonPlaces, type Path, type Value } from '@sluice/values';
import type { ReadPath } from '../query/read-path.ts';
import { ParsedDocument } from './parsed-document.ts';

/** The content of a message as a structured value. It is not parsed as long as only fields of it are asked for. */
export class JsonDocument {
  private readonly content: Uint8Array;
  private readonly places: JsonPlaces | undefined;
  private parsed: ParsedDocument | undefined;

  /** Throws `BloblangError` if the content is not one JSON document. */
  private constructor(content: Uint8Array, places: JsonPlaces | undefined) {
    this.content = content;
    this.places = places;
    if (places === undefined) this.parsed = new ParsedDocument(content);
  }

  /** For one who wants all of it. Throws `BloblangError` if the content is not one JSON document. */
  static parse(content: Uint8Array): JsonDocument {
    return new JsonDocument(content, undefined);
  }

  /** For one who wants fields of it. Throws `BloblangError` if the content is not one JSON document. */
  static scan(content: Uint8Array): JsonDocument {
    return new JsonDocument(content, JsonPlaces.of(content));
  }

  /** Whether it can be read and written without being parsed. */
  get isScanned(): boolean {
    return this.places?.areKnown === true;
  }

  /** Whether {@link write} can make an edit at a path. The document must be scanned. */
  canEdit(path: Path): boolean {
    return this.places!.canEdit(path);
  }

  /** The content with edits; `undefined` if the document must be parsed for that. */
  write(edits: readonly Edit[]): Uint8Array | undefined {
    return this.places?.write(edits);
  }

  value(): Value {
    return this.whole().value();
  }

  field(read: ReadPath): Value {
    if (this.places?.areKnown) return this.places.get(read.path);
    return this.whole().field(read);
  }

  private whole(): ParsedDocument {
    this.parsed ??= new ParsedDocument(this.content);
    return this.parsed;
  }
}
