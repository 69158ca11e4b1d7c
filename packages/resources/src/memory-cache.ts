import type { Clock } from '@sluice/core';
import type { Cache } from '@sluice/processors';
import { initialValues, type ResourceOptions } from './resource-settings.ts';

interface Entry {
  readonly value: Uint8Array;
  readonly expiresMs: number;
}

/**
 * `memory`: keeps everything until it expires. As in the original, an expired key is gone for `get` at once, but for `add` only once
 * another key was stored after the compaction interval; without an interval nothing expires.
 */
export function memoryCache(options: ResourceOptions, clock: Clock): Cache {
  const { default_ttl: defaultTtlMs, compaction_interval: intervalMs } = options as { default_ttl: number; compaction_interval: number };
  const entries = new Map<string, Entry>(
    initialValues(options).map(([key, value]) => [key, { value, expiresMs: Number.POSITIVE_INFINITY }]),
  );
  let compactedMs = clock.monotonic();
  const isExpired = ({ expiresMs }: Entry) => intervalMs > 0 && expiresMs < clock.monotonic();
  const compact = (): void => {
    if (intervalMs === 0 || clock.monotonic() - compactedMs < intervalMs) return;
    for (const [key, entry] of entries) if (isExpired(entry)) entries.delete(key);
    compactedMs = clock.monotonic();
  };
  const set = (key: string, value: Uint8Array, ttlMs = defaultTtlMs): void => {
    compact();
    entries.set(key, { value: owned(value), expiresMs: clock.monotonic() + ttlMs });
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      return entry && !isExpired(entry) ? entry.value : undefined;
    },
    set,
    add: (key, value, ttlMs) => {
      if (entries.has(key)) return false;
      set(key, value, ttlMs);
      return true;
    },
    delete: (key) => {
      compact();
      entries.delete(key);
    },
  };
}

/** Contents may lie in a buffer that is used again. */
export const owned = (value: Uint8Array): Uint8Array => Uint8Array.prototype.slice.call(value);
