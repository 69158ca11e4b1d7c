import { once } from 'node:events';
import type { ShutdownSettings } from '@sluice/config';
import { type Logger, sleep, systemClock } from '@sluice/core';
import { createEgresses, NoEgressError, type RunningEgresses, runEgresses, ShutdownTimeoutError } from '@sluice/egress';
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
  const session = disposer.use(await openRedis(settings.redis, { logger, clock, signal: stopping, connectionName: `sluice ${workerId}` }));
  let worker: RunningEgresses | undefined;
  disposer.use(
    await serveOperations({
      telemetry,
      logger,
      readiness: () => readinessOf(session.isReady, worker),
      host: settings.host,
      port: flags.operationsPort ?? settings.ports.egressWorker,
    }),
  );
  const egresses = createEgresses({ config, session, worker: workerId, env: process.env, telemetry, logger, clock });
  worker = runEgresses(egresses.values(), clock);
  await Promise.race([worker.ended, stopWhenAsked(worker, stopping, settings.shutdown, logger)]);
  logger.info('stopped');
}

/**
 * Stops the worker once it is asked to, after the delay in which its metrics may still be collected.
 * @throws {ShutdownTimeoutError} it had not ended within the time it has for that; what was in hand comes back by take-over
 */
async function stopWhenAsked(
  worker: RunningEgresses,
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

const readinessOf = (isRedisReady: boolean, worker: RunningEgresses | undefined) => {
  const isWriting = worker?.isReady() ?? false;
  return { isReady: isRedisReady && isWriting, facts: { redis: isRedisReady, writing: isWriting } };
};
