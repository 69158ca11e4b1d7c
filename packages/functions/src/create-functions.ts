import type { PartPlan } from '@sluice/actor-kit';
import type { Endpoint, SluiceConfig } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink, Tracing } from '@sluice/telemetry';
import type { EgressEffect } from './answer/effects.ts';
import { createEndpoint, type EndpointLogic } from './endpoint/endpoint.ts';
import { configuredTypes } from './endpoint/serving-endpoint.ts';
import { Slots } from './function/slots.ts';
import type { FunctionsContext } from './functions-context.ts';
import { createTimers, type TimersLogic } from './timers/timers.ts';

export interface FunctionsOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly telemetry: EventSink;
  /** `undefined`: nothing is traced. */
  readonly tracing?: Tracing | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
  /** Called after each commit with the egress records in it. */
  readonly onEgress?: (effects: readonly EgressEffect[]) => void;
}

export interface FunctionPlans {
  /** By id of the endpoint. `create` throws an `EndpointUnusableError` where one cannot work as configured. */
  readonly endpoints: ReadonlyMap<string, PartPlan<EndpointLogic>>;
  readonly timers: PartPlan<TimersLogic>;
}

/** What the messages in hand of all function types may take together, and what one type has at least. */
const BUDGET_BYTES = 96 * 1024 * 1024;
const LEAST_BUDGET_BYTES = 8 * 1024 * 1024;

/**
 * Answers every endpoint of a configuration, and the timers, all of one worker. They share the worker's slots, whichever configuration they
 * come from, and its memory evenly; what goes on while others come keeps its share.
 */
export function openFunctions(options: FunctionsOptions): (config: SluiceConfig) => FunctionPlans {
  const shared = { random: Math.random, onEgress: () => undefined, ...options };
  /** By how many there are: all endpoints start anew with another number. */
  const slotsOf = new Map<number, Slots>();
  return (config) => {
    const { maxInFlight } = config.settings.functions;
    const slots = slotsOf.get(maxInFlight) ?? new Slots(maxInFlight);
    slotsOf.set(maxInFlight, slots);
    const types = config.endpoints.flatMap((endpoint) => configuredTypes(config, endpoint)).length;
    const budgetBytes = Math.max(LEAST_BUDGET_BYTES, Math.floor(BUDGET_BYTES / Math.max(types, 4)));
    const context: FunctionsContext = { ...shared, config, slots, budgetBytes };
    return {
      endpoints: new Map(
        config.endpoints.map((endpoint) => [
          endpoint.id,
          { basis: basisOf(config, endpoint), create: () => createEndpoint(endpoint, context) },
        ]),
      ),
      timers: { basis: undefined, create: () => createTimers(context) },
    };
  };
}

/** An answer may name any function and any egress, so those are part of it. */
function basisOf(config: SluiceConfig, endpoint: Endpoint): unknown {
  const { functions, lanes, lease } = config.settings;
  return {
    ...{ endpoint, functions, lanes, lease },
    types: configuredTypes(config, endpoint),
    endpoints: config.endpoints.map(({ id }) => id),
    egresses: config.egresses.map((egress) => [egress.id, egress.lanes]),
  };
}
