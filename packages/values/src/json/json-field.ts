import { internalized } from '../text/internalized.ts';
import { compareText } from '../text/order.ts';

/**
 * A field at one place of documents that are alike up to there. Those of a stream mostly have the same keys in the same order: a key
 * is compared with the one that stood there last time, and its place among the sorted keys is known from then on. What depends on
 * the document is that of the one scanned last.
 */
export class Field {
  readonly key: string;
  /** The key as documents have it, with its quotes. */
  readonly literal: Uint8Array;
  /** The key as it is written: with quotes and colon. */
  readonly prefix: Uint8Array;
  /** Whether the keys of the object up to this one stand there as they are written: sorted, without needless escapes. */
  readonly isInOrder: boolean;

  /** Where the value stands. */
  start = 0;
  end = 0;
  /** Whether the value stands there as it is written: without blanks and escapes, keys sorted. */
  isCanonical = true;
  /** The text that is written in place of the value. */
  edit: string | undefined = undefined;
  /** Whether anything below is written otherwise than it stands there. */
  isEdited = false;

  /** The field that came next last time. */
  next: Field | undefined = undefined;
  /** The fields of the object that is the value, or of the latest object within the array that it is. */
  first: Field | undefined = undefined;
  last: Field | undefined = undefined;
  /** The last field with those that are added in writing; `undefined` where there are none. */
  lastAdded: Field | undefined = undefined;

  private readonly previous: Field | undefined;
  private nexts: Map<string, Field> | undefined = undefined;
  private firsts: Map<string, Field> | undefined = undefined;
  private sorted: readonly Field[] | undefined = undefined;

  constructor(key: string, literal: Uint8Array, prefix: Uint8Array, previous: Field | undefined) {
    this.key = internalized(key);
    this.literal = literal;
    this.prefix = prefix;
    this.previous = previous;
    const isPlain = prefix.length === literal.length + 1;
    this.isInOrder = isPlain && (previous === undefined || (previous.isInOrder && compareText(previous.key, key) < 0));
  }

  /** All fields of the object that ends with this one, in the order in which they are written. */
  get allInOrder(): readonly Field[] {
    this.sorted ??= this.withPrevious().sort((a, b) => compareText(a.key, b.key));
    return this.sorted;
  }

  /** Whether the object up to this field has a key. */
  has(key: string): boolean {
    return this.withPrevious().some((field) => field.key === key);
  }

  /** The field with a key in the object that is the value. */
  field(key: string): Field | undefined {
    const { last } = this;
    if (last === undefined) return undefined;
    for (let field = this.first!; ; field = field.next!) {
      if (field.key === key) return field;
      if (field === last) return undefined;
    }
  }

  /** As {@link field}, among those that are added in writing too. */
  fieldWithAdded(key: string): Field | undefined {
    for (let added = this.lastAdded; added !== undefined && added !== this.last; added = added.previous) {
      if (added.key === key) return added;
    }
    return this.field(key);
  }

  forgetEdits(): void {
    this.edit = undefined;
    this.isEdited = false;
    this.lastAdded = undefined;
  }

  /** The fields that have come after one of the value's fields, or first in it, by their literals. */
  known(previous: Field | undefined): Map<string, Field> {
    if (previous === undefined) {
      this.firsts ??= new Map();
      return this.firsts;
    }
    previous.nexts ??= new Map();
    return previous.nexts;
  }

  private withPrevious(): Field[] {
    const fields: Field[] = [];
    for (let field: Field | undefined = this; field !== undefined; field = field.previous) fields.push(field);
    return fields;
  }
}
