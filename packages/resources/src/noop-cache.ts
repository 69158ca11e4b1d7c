import type { Cache } from '@sluice/processors';

/** `noop`: keeps nothing. */
export const noopCache: Cache = { get: () => undefined, set: () => undefined, add: () => true, delete: () => undefined };
