import type { PartPlan } from '@sluice/actor-kit';
import { type Ingress, refusalsOf, type SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, WeightedBudget } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink, Tracing } from '@sluice/telemetry';
import { fromPromise } from 'xstate';
import { UnsupportedIngressError } from './errors.ts';
import { ingressMachine } from './ingress/ingress.machine.ts';
import type { IngressOptions } from './ingress/ingress-options.ts';
import { openIngress } from './ingress/open-ingress.ts';
import { PageBudget } from './shard-reader/page-budget.ts';
import { backoffMs } from './shard-reader/pauses.ts';

export interface IngressesOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly telemetry: EventSink;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

const createIngressLogic = (options: IngressOptions) =>
  ingressMachine.provide({
    actors: { openIngress: fromPromise(() => openIngress(options)) },
    delays: { backoff: ({ context }) => backoffMs(context.attempt, false, options.random()) },
  });

/** The actor logic of one ingress. It ends with {@link IngressOutput} and is tagged `ready` while it reads. */
export type IngressLogic = ReturnType<typeof createIngressLogic>;

/** Of all pages in memory together. Four full shards, at five pages a second each, so read 30 MB/s within 256 MiB. */
const PAGE_BUDGET = { bytes: 12 * 1024 * 1024, records: 48_000 };
/** Of all incomplete input batches together. */
const GATHERED = { bytes: 16 * 1024 * 1024, records: Number.POSITIVE_INFINITY };
/** Shards that are opened at the same time: a worker that starts with hundreds must get on with those that it has. */
const OPENINGS = { bytes: 0, records: 16 };

/**
 * Answers every ingress of a configuration, by id, all of one worker. They share the worker's memory, whichever configuration they come from.
 * That throws an `UnsupportedIngressError` where an ingress asks for something that Sluice does not support.
 */
export function openIngresses(options: IngressesOptions): (config: SluiceConfig) => ReadonlyMap<string, PartPlan<IngressLogic>> {
  const { clock, random = Math.random } = options;
  const shared = {
    ...options,
    budget: new PageBudget(PAGE_BUDGET, clock),
    openings: new WeightedBudget(OPENINGS),
    gathered: new WeightedBudget(GATHERED),
    random,
  };
  return (config) => {
    const refusal = refusalsOf(config, 'ingress-worker').find(({ severity }) => severity === 'error');
    if (refusal) throw new UnsupportedIngressError(refusal);
    const { backpressure, lease, quotas } = config.settings;
    return new Map(
      config.ingresses.map((ingress) => {
        const basis = { ingress, backpressure, lease, quotas, lanes: lanesOf(config, ingress) };
        return [ingress.id, { basis, create: () => createIngressLogic({ ...shared, ...basis }) }];
      }),
    );
  };
}

function lanesOf({ egresses, outputs, settings }: SluiceConfig, { streams }: Ingress): IngressOptions['lanes'] {
  const targets = streams.flatMap((stream) => stream.targets).filter((target) => target.type !== 'unresolved');
  const known = [...egresses, ...outputs];
  return new Map(
    targets.map((target) => {
      if (target.type === 'function') return [target.functionType, { lanes: settings.lanes }];
      const { lanes = settings.lanes, ordering } = known.find(({ id }) => id === target.egressId) ?? {};
      return [target.egressId, { lanes, layout: ordering === 'shard' ? 'shard' : 'key' }];
    }),
  );
}
