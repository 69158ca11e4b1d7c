import { type Cache, ResourceError } from '@sluice/processors';
import type { ResourceSettings } from './resource-settings.ts';

/**
 * `multilevel`: caches one behind the other, the nearest first. What a level has is copied to those before it. Levels are found when they
 * are needed, as in the original.
 */
export function multilevelCache({ label, options }: ResourceSettings, cacheOf: (label: string) => Cache | undefined): Cache {
  const names = options['levels'] as readonly string[];
  const levels = (): readonly Cache[] => {
    if (names.length < 2)
      throw new ResourceError(
        `failed to init cache '${label}' path root.cache_resources: expected at least two cache levels, found ${names.length}`,
      );
    if (names.includes(label)) throw new ResourceError(`cache '${label}' is a level of itself`);
    return names.map((name) => {
      const cache = cacheOf(name);
      if (!cache) throw new ResourceError(`unable to access cache '${name}': unable to locate resource: ${name}`);
      return cache;
    });
  };
  return {
    get: async (key) => {
      const caches = levels();
      for (const [place, cache] of caches.entries()) {
        const value = await cache.get(key);
        if (value === undefined) continue;
        for (const nearer of caches.slice(0, place)) await nearer.set(key, value);
        return value;
      }
      return undefined;
    },
    set: async (key, value, ttlMs) => {
      for (const cache of levels()) await cache.set(key, value, ttlMs);
    },
    add: async (key, value, ttlMs) => {
      const caches = levels();
      const [farthest, nearer] = [caches.at(-1)!, caches.slice(0, -1)];
      for (const cache of nearer) if ((await cache.get(key)) !== undefined) return false;
      if (!(await farthest.add(key, value, ttlMs))) return false;
      for (const cache of nearer) await cache.set(key, value, ttlMs);
      return true;
    },
    delete: async (key) => {
      for (const cache of levels()) await cache.delete(key);
    },
  };
}
