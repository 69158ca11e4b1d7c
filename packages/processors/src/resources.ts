/** What processors ask of resources. They are made elsewhere, and shared by all processors of a configuration. */
import type { Awaitable } from '@sluice/core';

/** Keeps contents by key. Throws or rejects with a `ResourceError` where it cannot be used just now. */
export interface Cache {
  get(key: string): Awaitable<Uint8Array | undefined>;
  /** @param ttlMs `undefined`: what the cache is configured with */
  set(key: string, value: Uint8Array, ttlMs?: number): Awaitable<void>;
  /** Answers whether the key was new; else nothing changes. */
  add(key: string, value: Uint8Array, ttlMs?: number): Awaitable<boolean>;
  delete(key: string): Awaitable<void>;
}

export interface RateLimit {
  /** Takes one place. Answers 0, or the milliseconds after which to ask again. */
  access(): Awaitable<number>;
}

export interface Resources {
  cache(label: string): Cache | undefined;
  rateLimit(label: string): RateLimit | undefined;
}

export const NO_RESOURCES: Resources = { cache: () => undefined, rateLimit: () => undefined };
