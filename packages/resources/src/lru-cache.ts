import type { Cache } from '@sluice/processors';
import { owned } from './memory-cache.ts';
import { initialValues, type ResourceOptions } from './resource-settings.ts';

/** `lru`: keeps up to `cap` keys; the one that was not used for longest makes room. */
export function lruCache(options: ResourceOptions): Cache {
  const entries = new RecentlyUsed<Uint8Array>(options['cap'] as number);
  for (const [key, value] of initialValues(options)) entries.set(key, value);
  return {
    get: (key) => entries.use(key),
    set: (key, value) => entries.set(key, owned(value)),
    add: (key, value) => {
      if (entries.use(key) !== undefined) return false;
      entries.set(key, owned(value));
      return true;
    },
    delete: (key) => entries.delete(key),
  };
}

/** A map with a limit. */
export class RecentlyUsed<T> {
  readonly #cap: number;
  /** Last used, last. */
  readonly #entries = new Map<string, T>();

  constructor(cap: number) {
    this.#cap = cap;
  }

  use(key: string): T | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#cap) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
