import type { SluiceConfig } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import type { EgressEffect } from './answer/effects.ts';
import { createEndpoint, type EndpointLogic } from './endpoint/endpoint.ts';
import { configuredTypes } from './endpoint/serving-endpoint.ts';
import { Slots } from './function/slots.ts';
import type { FunctionsContext } from './functions-context.ts';
import { createTimers, type TimersLogic } from './timers/timers.ts';

export interface FunctionsOptions {
  readonly config: SluiceConfig;
  readonly session: RedisSession;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
  /** Called after each commit with the egress records in it. */
  readonly onEgress?: (effects: readonly EgressEffect[]) => void;
}

export interface Functions {
  /** By id of the endpoint. */
  readonly endpoints: ReadonlyMap<string, EndpointLogic>;
  readonly timers: TimersLogic;
}

/** What the messages in hand of all function types may take together, and what one type has at least. */
const BUDGET_BYTES = 96 * 1024 * 1024;
const LEAST_BUDGET_BYTES = 8 * 1024 * 1024;

/**
 * The logic of every endpoint of a configuration and of the timers, all of one worker. They share the worker's memory and its slots.
 * @throws {EndpointUnusableError} an endpoint cannot work as configured
 */
export function createFunctions(options: FunctionsOptions): Functions {
  const { config, random = Math.random, onEgress = () => undefined } = options;
  const types = config.endpoints.flatMap((endpoint) => configuredTypes(config, endpoint)).length;
  const context: FunctionsContext = {
    ...{ ...options, random, onEgress, keyPrefix: config.settings.redis.prefix },
    slots: new Slots(config.settings.functions.maxInFlight),
    budgetBytes: Math.max(LEAST_BUDGET_BYTES, Math.floor(BUDGET_BYTES / Math.max(types, 4))),
  };
  return {
    endpoints: new Map(config.endpoints.map((endpoint) => [endpoint.id, createEndpoint(endpoint, context)])),
    timers: createTimers(context),
  };
}
