import type { RedisSettings } from '@sluice/config';
import type { StatusReporter } from '@sluice/status';
import { createReportStore } from '@sluice/status';
import { openRedis } from './open-redis.ts';
import type { WorkerConfiguration } from './reload/worker-configuration.ts';
import type { Resources } from './resources.ts';
import type { Connection } from './root/worker.machine.ts';
import { noteUses } from './uses/note-uses.ts';
import type { PartContext } from './worker-definition.ts';

export interface ConnectOptions {
  readonly configuration: WorkerConfiguration;
  readonly context: Omit<PartContext, 'session'>;
  readonly redis: RedisSettings;
  readonly resources: Resources;
  readonly status: StatusReporter;
}

/** Connects to Redis, begins to report there what the worker does, and plans its parts. */
export async function connectWorker(
  { configuration, context, redis, resources, status }: ConnectOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const { logger, clock, workerId, telemetry } = context;
  const connection = { connectionName: `sluice ${workerId}`, isWriter: true };
  const session = await resources.open(openRedis(redis, { logger, clock, signal, ...connection }));
  resources.defer(session.onLost(() => telemetry.emit({ type: 'redis.lost' })));
  resources.use(status.publishTo(createReportStore(session, redis.prefix)));
  await noteUses(configuration.uses, { ...context, session });
  const parts = configuration.open({ ...context, session });
  return {
    get isReady() {
      return session.isReady;
    },
    parts,
  };
}
