import { refusalsOf, type SluiceConfig } from '@sluice/config';
import { type Clock, type Logger, WeightedBudget } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { fromPromise } from 'xstate';
import { UnsupportedIngressError } from './errors.ts';
import { ingressMachine } from './ingress/ingress.machine.ts';
import type { IngressOptions } from './ingress/ingress-options.ts';
import { openIngress } from './ingress/open-ingress.ts';
import { PageBudget } from './shard-reader/page-budget.ts';
import { backoffMs } from './shard-reader/pauses.ts';

export interface IngressesOptions {
  readonly config: SluiceConfig;
  readonly session: RedisSession;
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly telemetry: EventSink;
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
const PAGE_BUDGET = { bytes: 12 * 1024 * 1024, records: 24_000 };
/** Shards that are opened at the same time: a worker that starts with hundreds must get on with those that it has. */
const OPENINGS = { bytes: 0, records: 16 };

/**
 * The logic of every ingress of a configuration, by id, all of one worker. They share the worker's memory.
 * @throws {UnsupportedIngressError} an ingress asks for something that Sluice does not support
 */
export function createIngresses(options: IngressesOptions): ReadonlyMap<string, IngressLogic> {
  const { config, clock, random = Math.random } = options;
  const refusal = refusalsOf(config, 'ingress-worker').find(({ severity }) => severity === 'error');
  if (refusal) throw new UnsupportedIngressError(refusal);
  const shared = { budget: new PageBudget(PAGE_BUDGET, clock), openings: new WeightedBudget(OPENINGS) };
  const keyPrefix = config.settings.redis.prefix;
  return new Map(
    config.ingresses.map((ingress) => [ingress.id, createIngressLogic({ ...options, ...shared, ingress, keyPrefix, random })]),
  );
}
