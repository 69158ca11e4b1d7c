/** A singly linked list through the items themselves: no allocation an item, constant time at both ends. An item is in one chain at most. */
export interface Link<T> {
  next: T | undefined;
}

export class Chain<T extends Link<T>> {
  #head: T | undefined;
  #tail: T | undefined;
  #length = 0;

  get head(): T | undefined {
    return this.#head;
  }

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    item.next = undefined;
    if (this.#tail) this.#tail.next = item;
    else this.#head = item;
    this.#tail = item;
    this.#length++;
  }

  unshift(item: T): void {
    item.next = this.#head;
    this.#head = item;
    this.#tail ??= item;
    this.#length++;
  }

  shift(): T | undefined {
    const item = this.#head;
    if (!item) return undefined;
    this.#head = item.next;
    if (!this.#head) this.#tail = undefined;
    item.next = undefined;
    this.#length--;
    return item;
  }

  /** Empties the chain and gives its items back in order. */
  drain(): T[] {
    const items: T[] = [];
    for (let item = this.shift(); item; item = this.shift()) items.push(item);
    return items;
  }
}

/** The chain under a key, made when there is none. */
export function chainOf<K, T extends Link<T>>(chains: Map<K, Chain<T>>, key: K): Chain<T> {
  const known = chains.get(key);
  if (known) return known;
  const chain = new Chain<T>();
  chains.set(key, chain);
  return chain;
}
