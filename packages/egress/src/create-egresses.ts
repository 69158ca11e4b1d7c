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
  readonly config: SluiceConfig;
  readonly session: RedisSession;
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
 * The logic of every egress of a configuration, by id, all of one worker. They share the worker's memory.
 * @throws {ProcessorConfigError} an egress cannot work as configured
 */
export function createEgresses(options: EgressesOptions): ReadonlyMap<string, EgressLogic> {
  const { config, env, logger, clock, random = Math.random } = options;
  const { egresses, settings } = config;
  const compileOptions = { egressCount: egresses.length, logger, clock };
  const context = { ...options, random, keyPrefix: settings.redis.prefix, lease: settings.lease };
  return new Map(
    egresses.map((egress) => {
      const openSink = async () => createKinesisClient(await createAwsClientSettings(egress.aws, { env, clock, logger }));
      return [egress.id, openEgress(compileEgress(egress, compileOptions), openSink, context)];
    }),
  );
}
