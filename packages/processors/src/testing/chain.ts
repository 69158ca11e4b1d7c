/** Chains of processors written as a configuration would have them, over texts. */
import type { Message } from '@sluice/bloblang';
import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { compileProcessors } from '../compile-processors.ts';
import type { ProcessedMessage, ProcessorSettings } from '../processor.ts';
import type { Cache, RateLimit, Resources } from '../resources.ts';

const POSITION = { file: 'test.yaml', line: 3, column: 7 };

/** 2026-11-21 12:00:00 UTC. */
const NOON = Date.UTC(2026, 10, 21, 12);

export const text = (source: string) => ({ source, position: POSITION });

export const step = (type: string, options: Readonly<Record<string, unknown>> = {}, path = `root.${type}`): ProcessorSettings => ({
  type,
  label: undefined,
  path,
  position: POSITION,
  options,
});

export const mappingOf = (source: string) => step('mapping', { mapping: text(source) });

export const messageOf = (content: string | Uint8Array, metadata: Message['metadata'] = {}): Message => ({
  content: Buffer.from(content),
  metadata,
});

interface ChainOptions {
  readonly refusesFailed?: boolean;
  readonly logger?: Logger;
  readonly resources?: Resources;
}

/** What becomes of a batch, of processors that may wait. */
export const runWaiting = async (...args: Parameters<typeof start>): Promise<readonly ProcessedMessage[]> => start(...args);

function start(
  steps: readonly ProcessorSettings[],
  batch: ReadonlyArray<string | Uint8Array | Message>,
  { refusesFailed = false, logger = silentLogger, resources = resourcesOf({}) }: ChainOptions = {},
) {
  const chain = compileProcessors(steps, { logger, refusesFailed, resources, clock: { ...systemClock, now: () => NOON } });
  return chain.run(batch.map((one) => (typeof one === 'string' || one instanceof Uint8Array ? messageOf(one) : one)));
}

/** What becomes of a batch. */
export function run(
  steps: readonly ProcessorSettings[],
  batch: ReadonlyArray<string | Uint8Array | Message>,
  options: ChainOptions = {},
): readonly ProcessedMessage[] {
  const result = start(steps, batch, options);
  if (result instanceof Promise) throw new Error('expected a chain that only computes, found one that waits');
  return result;
}

/** Resources of a test: one cache, whatever its label, and a limit. */
export const resourcesOf = ({ cache, limit }: { cache?: Cache; limit?: RateLimit }): Resources => ({
  cache: () => cache,
  rateLimit: () => limit,
});

/** A cache that keeps everything. */
export function cacheOfMap(entries = new Map<string, Uint8Array>()): Cache & { readonly entries: ReadonlyMap<string, Uint8Array> } {
  return {
    entries,
    get: (key) => entries.get(key),
    set: (key, value) => void entries.set(key, value),
    add: (key, value) => !entries.has(key) && Boolean(entries.set(key, value)),
    delete: (key) => void entries.delete(key),
  };
}

/** The same as text: `content <- sources`, with `! reason` where the message is flagged. */
export const told = (...args: Parameters<typeof run>): readonly string[] =>
  run(...args).map(
    ({ message: { content, failure }, sources }) =>
      `${Buffer.from(content).toString()} <- ${sources.join(',')}${failure ? ` ! ${failure.message}` : ''}`,
  );
