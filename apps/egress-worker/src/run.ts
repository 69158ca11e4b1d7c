import { once } from 'node:events';
import type { ShutdownSettings, SluiceConfig } from '@sluice/config';
import { type Logger, sleep, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import type { CompiledEgress } from '@sluice/egress';
import { compileEgress, type EgressWorker, NoEgressError, ShutdownTimeoutError, startEgressWorker } from '@sluice/egress';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { createWorkerId } from '@sluice/lease';
import { createLogger, createTelemetry, serveOperations } from '@sluice/telemetry';
import { loadWorkerConfig, openRedis, type WorkerFlags } from '@sluice/worker';

/**
 * The egress-worker's life. Resolves once it was asked to stop and everything in hand is written or handed back.
 * Rejects with what no retry mends.
 */
export async function run(flags: WorkerFlags, stopping: AbortSignal): Promise<void> {
  const config = await loadWorkerConfig(flags, process.env, process.stderr, ['egress-worker']);
  if (config.egresses.length === 0) throw new NoEgressError();
  const { settings } = config;
  const clock = systemClock;
  const workerId = flags.workerId ?? createWorkerId();
  const logger = createLogger({ level: settings.log.level, format: settings.log.format, facts: { worker: workerId } });
  const telemetry = createTelemetry(logger);
  for (const { id } of config.egresses) telemetry.startAtZero({ egress: id, group: `egress:${id}` });
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
  await Promise.race([worker.ended, stopWhenAsked(worker, stopping, settings.shutdown, logger)]);
  logger.info('stopped');
}

/**
 * Stops the worker once it is asked to, after the delay in which its metrics may still be collected.
 * @throws {ShutdownTimeoutError} it had not ended within the time it has for that; what was in hand comes back by take-over
 */
async function stopWhenAsked(
  worker: EgressWorker,
  stopping: AbortSignal,
  { delayMs, timeoutMs }: ShutdownSettings,
  logger: Logger,
): Promise<never> {
  if (!stopping.aborted) await once(stopping, 'abort');
  await sleep(systemClock, delayMs);
  logger.info('stopping');
  worker.stop();
  await sleep(systemClock, timeoutMs);
  throw new ShutdownTimeoutError(timeoutMs);
}

const readinessOf = (isRedisReady: boolean, worker: EgressWorker | undefined) => {
  const isWriting = worker?.isWriting() ?? false;
  return { isReady: isRedisReady && isWriting, facts: { redis: isRedisReady, writing: isWriting } };
};

/** Each egress with a Kinesis client of its own, for its region, endpoint and credentials. */
async function openSinks(
  { egresses }: SluiceConfig,
  logger: Logger,
  disposer: AsyncDisposableStack,
): Promise<Map<CompiledEgress, KinesisClient>> {
  const sinks = new Map<CompiledEgress, KinesisClient>();
  const options = { egressCount: egresses.length, logger, clock: systemClock };
  for (const egress of egresses) {
    const client = await createAwsClientSettings(egress.aws, { env: process.env, clock: systemClock, logger });
    sinks.set(compileEgress(egress, options), disposer.use(createKinesisClient(client)));
  }
  return sinks;
}
