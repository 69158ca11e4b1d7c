/** The egress-worker's life: configuration, Redis, egresses, and a clean end. */

import { hasErrors, loadConfig, renderProblem, type SluiceConfig } from '@sluice/config';
import { type Logger, type LogLevel, SluiceError, systemClock } from '@sluice/core';
import { createAwsClientSettings } from '@sluice/credentials';
import type { KinesisClient } from '@sluice/kinesis';
import { connectRedis, createWorkerId, preflight } from '@sluice/lease';
import { createLogger, createTelemetry, serveOperations } from '@sluice/telemetry';
import { compileEgress } from './compile-egress.ts';
import type { CompiledEgress } from './compiled-egress.ts';
import { NoEgressError } from './errors.ts';
import { createKinesisSink } from './kinesis-sink.ts';
import { toRedisSettings } from './redis-settings.ts';
import { startEgressWorker } from './worker.ts';

export interface CommandOptions {
  readonly config: readonly string[];
  /** `path=value` */
  readonly set: readonly string[];
  readonly redisUrl?: string;
  readonly allowVolatile?: boolean;
  readonly strict?: boolean;
  readonly workerId?: string;
  readonly logLevel?: LogLevel;
  readonly port?: string;
}

/** Runs until SIGTERM or SIGINT, or until something fails that no retry mends. Answers the exit code. Never rejects. */
export async function run(options: CommandOptions): Promise<number> {
  try {
    const config = await load(options);
    return config ? await work(config, options) : 1;
  } catch (error) {
    if (error instanceof StoppedError) return 0;
    complain(error);
    return 1;
  }
}

/** The configuration, or `undefined` after its problems were printed. */
async function load(options: CommandOptions): Promise<SluiceConfig | undefined> {
  const { config, problems, sources } = await loadConfig({
    files: [...options.config],
    env: process.env,
    overrides: [...options.set],
    strict: options.strict ?? false,
  });
  for (const problem of problems) process.stderr.write(renderProblem(problem, sources));
  if (hasErrors(problems)) return undefined;
  if (config.egresses.length === 0) throw new NoEgressError();
  return config;
}

async function work(config: SluiceConfig, options: CommandOptions): Promise<number> {
  const { settings } = config;
  const workerId = options.workerId ?? createWorkerId();
  const logger = createLogger({ level: options.logLevel ?? settings.log.level, facts: { worker: workerId } });
  const telemetry = createTelemetry(logger);
  const egresses = config.egresses.map((egress) => compileEgress(egress, settings, config.egresses.length));
  const sinks = await createSinks(config, egresses, logger);
  const stopping = onStopSignal(logger);
  const clock = systemClock;

  await using session = await connectRedis(toRedisSettings(settings.redis, options.redisUrl), { logger, clock, signal: stopping });
  await preflight(session, { allowVolatile: options.allowVolatile ?? settings.redis.allowVolatile });
  const worker = startEgressWorker({
    egresses,
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
  stopping.addEventListener('abort', () => worker.stop(), { once: true });
  try {
    await using _operations = await serveOperations({
      telemetry,
      logger,
      readiness: () => ({ isReady: session.isReady && worker.isWriting(), facts: { redis: session.isReady, writing: worker.isWriting() } }),
      host: settings.host,
      port: options.port === undefined ? settings.ports.egressWorker : Number(options.port),
    });
    await worker.ended;
    return 0;
  } catch (error) {
    worker.stop();
    await worker.ended.catch(() => undefined);
    throw error;
  } finally {
    for (const sink of sinks.values()) sink[Symbol.dispose]();
    logger.info('stopped');
  }
}

async function createSinks(
  config: SluiceConfig,
  egresses: readonly CompiledEgress[],
  logger: Logger,
): Promise<Map<CompiledEgress, KinesisClient>> {
  const sinks = new Map<CompiledEgress, KinesisClient>();
  for (const [index, { aws }] of config.egresses.entries()) {
    const settings = await createAwsClientSettings(aws, { env: process.env, clock: systemClock, logger });
    sinks.set(egresses[index]!, createKinesisSink(settings, systemClock));
  }
  return sinks;
}

/** Aborted by the first SIGTERM or SIGINT. A second one ends the process at once: what is in hand then comes back by take-over. */
function onStopSignal(logger: Logger): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1);
      logger.info('stopping', { signal: name });
      controller.abort(new StoppedError());
    });
  }
  return controller.signal;
}

class StoppedError extends Error {}

function complain(error: unknown): void {
  const text = error instanceof SluiceError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`egress-worker: ${text}\n`);
}
