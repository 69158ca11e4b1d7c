import type { SluiceConfig } from '@sluice/config';
import { type Logger, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import type { KinesisClient } from '@sluice/kinesis';
import { createWorkerId } from '@sluice/lease';
import { createLogger, createTelemetry, serveOperations } from '@sluice/telemetry';
import { loadWorkerConfig, openRedis, type WorkerFlags } from '@sluice/worker-kit';
import { compileEgress } from './compile-egress.ts';
import type { CompiledEgress } from './compiled-egress.ts';
import { NoEgressError } from './errors.ts';
import { createKinesisSink } from './kinesis-sink.ts';
import { type EgressWorker, startEgressWorker } from './worker.ts';

/**
 * The egress-worker's life. Resolves once it was asked to stop and everything in hand is written or handed back.
 * Rejects with what no retry mends.
 */
export async function run(flags: WorkerFlags, stopping: AbortSignal): Promise<void> {
  const config = await loadWorkerConfig(flags, process.env, process.stderr);
  if (config.egresses.length === 0) throw new NoEgressError();
  const { settings } = config;
  const clock = systemClock;
  const workerId = flags.workerId ?? createWorkerId();
  const logger = createLogger({ level: settings.log.level, facts: { worker: workerId } });
  const telemetry = createTelemetry(logger);
  await using disposer = new AsyncDisposableStack();
  const sinks = await openSinks(config, logger, disposer);
  const session = disposer.use(await openRedis(settings.redis, { logger, clock, signal: stopping, connectionName: `sluice ${workerId}` }));
  let worker: EgressWorker | undefined;
  disposer.use(
    await serveOperations({
      telemetry,
      logger,
      readiness: () => readinessOf(session.isReady, worker),
      host: settings.host,
      port: flags.operationsPort ?? settings.ports.egressWorker,
    }),
  );
  worker = startEgressWorker({
    egresses: [...sinks.keys()],
    sinkOf: (egress) => sinks.get(egress)!,
    session,
    keyPrefix: settings.redis.prefix,
    workerId,
    lease: settings.lease,
    clock,
    logger,
    telemetry,
    random: Math.random,
  });
  const stop = () => {
    logger.info('stopping');
    worker.stop();
  };
  if (stopping.aborted) stop();
  else stopping.addEventListener('abort', stop, { once: true });
  await worker.ended;
  logger.info('stopped');
}

const readinessOf = (isRedisReady: boolean, worker: EgressWorker | undefined) => {
  const isWriting = worker?.isWriting() ?? false;
  return { isReady: isRedisReady && isWriting, facts: { redis: isRedisReady, writing: isWriting } };
};

/** Each egress with a Kinesis client of its own, for its region, endpoint and credentials. */
async function openSinks(
  { egresses, settings }: SluiceConfig,
  logger: Logger,
  disposer: AsyncDisposableStack,
): Promise<Map<CompiledEgress, KinesisClient>> {
  const sinks = new Map<CompiledEgress, KinesisClient>();
  for (const egress of egresses) {
    const client = await createAwsClientSettings(egress.aws, { env: process.env, clock: systemClock, logger });
    sinks.set(compileEgress(egress, settings, egresses.length), disposer.use(createKinesisSink(client, systemClock)));
  }
  return sinks;
}
