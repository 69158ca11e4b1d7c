import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { shortestFloat } from '../binary/shortest-float.ts';

/** A message as the library holds it. */
type Held = Record<string, unknown>;

const FLOAT = 2;
const FLOAT_VALUE = 'google.protobuf.FloatValue';

/** Makes floats of messages the shortest numbers that are the same 32 bits, as documents show them: 0.1, not 0.10000000149011612. */
export class ShortFloats {
  readonly #fields = new Map<DescMessage, readonly DescField[]>();

  /** Changes a message in place. */
  shorten(type: DescMessage, message: Held): void {
    for (const field of this.#fieldsOf(type)) {
      const { oneof, localName } = field;
      if (oneof) {
        const chosen = message[oneof.localName] as { case?: string; value?: unknown };
        if (chosen.case === localName) chosen.value = this.#inField(field, chosen.value);
        // Others have the default of the file.
      } else if (Object.hasOwn(message, localName)) {
        message[localName] = this.#inField(field, message[localName]);
      }
    }
  }

  #inField(field: DescField, value: unknown): unknown {
    if (field.fieldKind === 'list') return (value as unknown[]).map((item) => this.#one(field.message, item));
    if (field.fieldKind !== 'map') return this.#one(field.message, value);
    const entries = value as Held;
    for (const key of Object.keys(entries)) entries[key] = this.#one(field.message, entries[key]);
    return entries;
  }

  #one(type: DescMessage | undefined, value: unknown): unknown {
    // A wrapped float may be a number too.
    if (typeof value === 'number') return shortestFloat(value);
    this.shorten(type!, value as Held);
    return value;
  }

  #fieldsOf(type: DescMessage): readonly DescField[] {
    let fields = this.#fields.get(type);
    if (!fields) {
      fields = type.fields.filter((field) => field.scalar === FLOAT || (field.message && holdsFloats(field.message)));
      this.#fields.set(type, fields);
    }
    return fields;
  }
}

function holdsFloats(type: DescMessage, visited = new Set<DescMessage>()): boolean {
  if (type.typeName === FLOAT_VALUE) return true;
  if (visited.has(type)) return false;
  visited.add(type);
  return type.fields.some((field) => field.scalar === FLOAT || (field.message && holdsFloats(field.message, visited)));
}
