import { ProcessorConfigError } from './errors.ts';
import type { CompileContext, ProcessorSettings } from './processor.ts';
import type { Cache, RateLimit } from './resources.ts';

/** @throws {ProcessorConfigError} no cache has this label */
export const cacheOf = (label: string, { position, path }: ProcessorSettings, { resources }: CompileContext): Cache =>
  resources.cache(label) ?? refuse(position, path, `cache resource '${label}' was not found`);

/** @throws {ProcessorConfigError} no rate limit has this label */
export const rateLimitOf = (label: string, { position, path }: ProcessorSettings, { resources }: CompileContext): RateLimit =>
  resources.rateLimit(label) ?? refuse(position, path, `rate limit resource '${label}' was not found`);

function refuse(position: ProcessorSettings['position'], path: string, reason: string): never {
  throw new ProcessorConfigError(position, path, reason);
}
