import { once } from 'node:events';
import { sleep, systemClock } from '@sluice/core';
import { startIngressWorker } from '@sluice/ingress';
import { createWorkerId } from '@sluice/lease';
import { createLogger, createTelemetry, serveOperations } from '@sluice/telemetry';
import { addWorkerFlags, loadWorkerConfig, openRedis, runProcess, type WorkerFlags } from '@sluice/worker';
import { Command } from 'commander';

const flags = addWorkerFlags(new Command('ingress-worker'))
  .description('Reads the shards of Kinesis streams into lanes in Redis.')
  .parse()
  .opts<WorkerFlags>();

await runProcess('ingress-worker', async (signal) => {
  const config = await loadWorkerConfig(flags, process.env, process.stderr, ['ingress-worker']);
  const { settings } = config;
  const worker = flags.workerId ?? createWorkerId();
  const logger = createLogger({ level: settings.log.level, format: settings.log.format, facts: { app: 'ingress-worker', worker } });
  const telemetry = createTelemetry(logger);
  for (const { id: ingress, streams } of config.ingresses) {
    for (const { stream, targets } of streams) {
      const target = targets.flatMap((each) => (each.type === 'egress' ? [each.egressId] : [])).join(',');
      telemetry.startAtZero({ ingress, stream, target, group: `ingress:${ingress}` });
    }
  }
  const clock = systemClock;
  await using session = await openRedis(settings.redis, { logger, clock, signal, connectionName: `sluice ${worker}` });
  using telling = new DisposableStack();
  telling.defer(session.onLost(() => telemetry.emit({ type: 'redis.lost' })));
  await using ingressWorker = await startIngressWorker({ config, session, worker, env: process.env, telemetry, logger, clock });
  const { host, ports } = settings;
  await using _operations = await serveOperations({
    ...{ telemetry, logger, host, readiness: ingressWorker.readiness },
    port: flags.operationsPort ?? ports.ingressWorker,
  });
  logger.info('ingress-worker started');
  const asked = signal.aborted ? Promise.resolve() : once(signal, 'abort');
  await Promise.race([asked, ingressWorker.done]);
  await sleep(clock, settings.shutdown.delayMs);
  await ingressWorker.stop();
  logger.info('ingress-worker stopped');
});
