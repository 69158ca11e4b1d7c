import type { Clock } from '@sluice/core';
import type { Cache, RateLimit, Resources } from '@sluice/processors';
import type { ResourceEvent } from '@sluice/telemetry';
import { fileCache } from './file-cache.ts';
import { localRateLimit } from './local-rate-limit.ts';
import { lruCache } from './lru-cache.ts';
import { memoryCache } from './memory-cache.ts';
import { multilevelCache } from './multilevel-cache.ts';
import { noopCache } from './noop-cache.ts';
import { redisCache } from './redis-cache.ts';
import { RedisConnection } from './redis-connection.ts';
import { redisRateLimit } from './redis-rate-limit.ts';
import { reportingCache, reportingRateLimit } from './reporting.ts';
import type { ResourceOptions, ResourceSettings } from './resource-settings.ts';
import { ttlruCache } from './ttlru-cache.ts';

/** As a configuration has them; a configuration model's own settings fit. */
export interface ResourcesSettings {
  readonly caches: readonly ResourceSettings[];
  readonly rateLimits: readonly ResourceSettings[];
}

export interface ResourcesPorts {
  readonly clock: Clock;
  /** Told of each use. @default nobody is */
  readonly report?: ((event: ResourceEvent) => void) | undefined;
}

/** To be closed when nothing uses them any more; what is used then nevertheless opens what it needs again. */
export interface OpenResources extends Resources {
  close(): void;
}

/** Makes each cache and rate limit once, at its first use. */
export function createResources({ caches, rateLimits }: ResourcesSettings, { clock, report }: ResourcesPorts): OpenResources {
  const connections: RedisConnection[] = [];
  const connectionFor = (options: ResourceOptions): RedisConnection => {
    const connection = new RedisConnection(options, clock);
    connections.push(connection);
    return connection;
  };
  const makeCache = (settings: ResourceSettings): Cache => {
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
      case 'redis':
        return redisCache(settings.options, connectionFor(settings.options));
      case 'noop':
        return noopCache;
      default:
        throw new Error(`no cache is called ${settings.type}`);
    }
  };
  const makeRateLimit = ({ type, options }: ResourceSettings): RateLimit =>
    type === 'redis' ? redisRateLimit(options, connectionFor(options)) : localRateLimit(options, clock);
  // A cache of several levels uses others, which report too.
  const cache = once<Cache>(caches, (settings) =>
    report ? reportingCache(makeCache(settings), settings.label, { clock, report }) : makeCache(settings),
  );
  const rateLimit = once<RateLimit>(rateLimits, (settings) =>
    report ? reportingRateLimit(makeRateLimit(settings), settings.label, report) : makeRateLimit(settings),
  );
  const close = (): void => {
    for (const connection of connections) connection.close();
  };
  return { cache, rateLimit, close };
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
