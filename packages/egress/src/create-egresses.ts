import type { PartPlan } from '@sluice/actor-kit';
import type { SluiceConfig } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import { createKinesisClient } from '@sluice/kinesis';
import type { RedisSession } from '@sluice/redis';
import type { EventSink } from '@sluice/telemetry';
import { compileEgress } from './compile/compile-egress.ts';
import type { EgressLogic } from './egress/egress.ts';
import { openEgress } from './open-egress.ts';

export interface EgressesOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  /** The name of this worker in leases. */
  readonly worker: string;
  readonly env: NodeJS.ProcessEnv;
  readonly telemetry: EventSink;
  readonly logger: Logger;
  readonly clock: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/**
 * Every egress of a configuration, by id, all of one worker. They share the worker's memory evenly; one that goes on while others come
 * keeps its share. `create` throws a `ProcessorConfigError` where an egress cannot work as configured.
 */
export function planEgresses({ egresses, settings }: SluiceConfig, options: EgressesOptions): ReadonlyMap<string, PartPlan<EgressLogic>> {
  const { env, logger, clock, random = Math.random } = options;
  const { lease } = settings;
  const compileOptions = { egressCount: egresses.length, logger, clock };
  return new Map(
    egresses.map((egress) => {
      const openSink = async () => createKinesisClient(await createAwsClientSettings(egress.aws, { env, clock, logger }));
      const create = () => openEgress(compileEgress(egress, compileOptions), openSink, { ...options, random, lease });
      return [egress.id, { basis: { egress, lease }, create }];
    }),
  );
}
