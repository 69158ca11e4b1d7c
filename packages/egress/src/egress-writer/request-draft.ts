/**
 * A request that is being filled. What it takes is decided record by record: whether there is room, and whether the record's outlet has budget
 * for what it adds. With packing, a record may share an entry with others and then adds its bytes only.
 */
import type { Outlet } from '../shard-budget/outlet.ts';

export interface DraftLimits {
  /** Entries of the request. */
  readonly maxRecords: number;
  /** Bytes of all entries. A single one may exceed them: the service refuses it, where it would wait without end. */
  readonly maxBytes: number;
  /** Records, however they share entries. */
  readonly maxItems: number;
}

export interface DraftRules {
  /** Whose budget the record needs; `undefined`: none. */
  readonly outlet: Outlet | undefined;
  readonly nowMs: number;
  /** Whether the record may only share the entry of the one that was added before it. */
  readonly joins?: boolean;
}

export interface Draft<Item> {
  /** In the order in which they were added. */
  readonly items: readonly Item[];
  /** Of all entries. */
  readonly byteSize: number;
  /** Whether it takes no further record, whatever its size. */
  readonly isFull: boolean;
  /** `full`: there is no room for the record; `short`: its outlet has not enough budget. Neither changes anything. */
  add(item: Item, rules: DraftRules): 'added' | 'full' | 'short';
}

/** Each record is an entry. */
export class PlainDraft<Item extends { readonly byteSize: number }> implements Draft<Item> {
  readonly items: Item[] = [];
  readonly #maxItems: number;
  readonly #maxBytes: number;
  byteSize = 0;

  constructor({ maxRecords, maxItems, maxBytes }: DraftLimits) {
    this.#maxItems = Math.min(maxRecords, maxItems);
    this.#maxBytes = maxBytes;
  }

  /** What PutRecords takes. */
  get entries(): readonly Item[] {
    return this.items;
  }

  /** Which entry carries a record. */
  entryOf(index: number): number {
    return index;
  }

  get isFull(): boolean {
    return this.items.length >= this.#maxItems;
  }

  add(item: Item, { outlet, nowMs, joins = false }: DraftRules): 'added' | 'full' | 'short' {
    const { byteSize } = item;
    if (joins || this.isFull || (this.items.length > 0 && this.byteSize + byteSize > this.#maxBytes)) return 'full';
    if (outlet && !outlet.take(byteSize, nowMs)) return 'short';
    this.items.push(item);
    this.byteSize += byteSize;
    return 'added';
  }
}
