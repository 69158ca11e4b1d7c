import type { Endpoint, SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, sleep, toErrorReport } from '@sluice/core';
import { configuredTypes, servingEndpoint } from './serving-endpoint.ts';

export interface FindTypesOptions {
  readonly config: SluiceConfig;
  readonly endpoint: Endpoint;
  /** Every target that has lanes. */
  readonly listTargets: () => Promise<ReadonlyArray<{ readonly target: string }>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EVERY_MS = 1_000;

/**
 * Names each function type of an endpoint once: first those of the configuration, then, where the endpoint serves a namespace, those that
 * messages are sent to. Resolves once the signal is aborted.
 */
export async function findTypes(
  { config, endpoint, listTargets, clock, logger }: FindTypesOptions,
  found: (type: string) => void,
  signal: AbortSignal,
) {
  const known = new Set<string>();
  const note = (type: string) => {
    if (known.has(type)) return;
    known.add(type);
    found(type);
  };
  for (const type of configuredTypes(config, endpoint)) note(type);
  while (endpoint.name === undefined && !signal.aborted) {
    const targets = await listTargets().catch((error: unknown) => {
      logger.debug('targets could not be listed', { ...toErrorReport(error) });
      return [];
    });
    for (const { target } of targets) if (!signal.aborted && servingEndpoint(config, target) === endpoint) note(target);
    await sleep(clock, EVERY_MS, signal).catch(() => undefined);
  }
}
