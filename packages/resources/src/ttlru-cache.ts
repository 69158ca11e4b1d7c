import type { Clock } from '@sluice/core';
import type { Cache } from '@sluice/processors';
import { RecentlyUsed } from './lru-cache.ts';
import { owned } from './memory-cache.ts';
import { initialValues, type ResourceOptions } from './resource-settings.ts';

/** `ttlru`: as `lru`, and a value is gone after one time for all keys, which starts anew when it is read unless that is switched off. */
export function ttlruCache(options: ResourceOptions, clock: Clock): Cache {
  const { cap, default_ttl: defaultTtlMs, ttl, without_reset: keepsTime } = options as unknown as TtlruOptions;
  const ttlMs = ttl ?? defaultTtlMs;
  const entries = new RecentlyUsed<{ readonly value: Uint8Array; expiresMs: number }>(cap);
  const set = (key: string, value: Uint8Array) => entries.set(key, { value, expiresMs: clock.monotonic() + ttlMs });
  for (const [key, value] of initialValues(options)) set(key, value);
  const live = (key: string) => {
    const entry = entries.use(key);
    return entry && entry.expiresMs >= clock.monotonic() ? entry : undefined;
  };
  return {
    get: (key) => {
      const entry = live(key);
      if (entry && !keepsTime) entry.expiresMs = clock.monotonic() + ttlMs;
      return entry?.value;
    },
    set: (key, value) => set(key, owned(value)),
    add: (key, value) => {
      if (live(key)) return false;
      set(key, owned(value));
      return true;
    },
    delete: (key) => entries.delete(key),
  };
}

interface TtlruOptions {
  readonly cap: number;
  readonly default_ttl: number;
  readonly ttl: number | undefined;
  readonly without_reset: boolean;
}
