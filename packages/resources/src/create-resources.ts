import type { Clock } from '@sluice/core';
import type { Cache, RateLimit, Resources } from '@sluice/processors';
import { fileCache } from './file-cache.ts';
import { localRateLimit } from './local-rate-limit.ts';
import { lruCache } from './lru-cache.ts';
import { memoryCache } from './memory-cache.ts';
import { multilevelCache } from './multilevel-cache.ts';
import { noopCache } from './noop-cache.ts';
import type { ResourceSettings } from './resource-settings.ts';
import { ttlruCache } from './ttlru-cache.ts';

/** As a configuration has them; a configuration model's own settings fit. */
export interface ResourcesSettings {
  readonly caches: readonly ResourceSettings[];
  readonly rateLimits: readonly ResourceSettings[];
}

export interface ResourcesPorts {
  readonly clock: Clock;
}

/** Makes each cache and rate limit once, at its first use. */
export function createResources({ caches, rateLimits }: ResourcesSettings, { clock }: ResourcesPorts): Resources {
  const cache: (label: string) => Cache | undefined = once<Cache>(caches, (settings) => {
    switch (settings.type) {
      case 'memory':
        return memoryCache(settings.options, clock);
      case 'lru':
        return lruCache(settings.options);
      case 'ttlru':
        return ttlruCache(settings.options, clock);
      case 'file':
        return fileCache(settings.options);
      case 'multilevel':
        return multilevelCache(settings, cache);
      case 'noop':
        return noopCache;
      default:
        throw new Error(`no cache is called ${settings.type}`);
    }
  });
  return { cache, rateLimit: once<RateLimit>(rateLimits, ({ options }) => localRateLimit(options, clock)) };
}

/** The first of several with one label counts. */
function once<T>(settings: readonly ResourceSettings[], make: (settings: ResourceSettings) => T): (label: string) => T | undefined {
  const made = new Map<string, T>();
  return (label) => {
    const known = made.get(label);
    if (known) return known;
    const found = settings.find((one) => one.label === label);
    if (!found) return undefined;
    const resource = make(found);
    made.set(label, resource);
    return resource;
  };
}
