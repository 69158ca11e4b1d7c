import type { SourcePosition } from './position.ts';
import type { ProcessorOptions } from './processor.ts';

/** A cache or a rate limit as configured, `options` with their defaults, durations in milliseconds. */
export interface ResourceSettings {
  readonly label: string;
  readonly type: string;
  readonly position: SourcePosition;
  readonly options: ProcessorOptions;
}

/** What processors of an egress share. */
export interface ResourcesSettings {
  readonly caches: readonly ResourceSettings[];
  readonly rateLimits: readonly ResourceSettings[];
}

export const noResources: ResourcesSettings = { caches: [], rateLimits: [] };
