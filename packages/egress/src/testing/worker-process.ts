/** An egress-worker in a process of its own, for tests that kill it. Its one argument is JSON. */
import { systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { createLogger, createTelemetry } from '@sluice/telemetry';
import type { CompiledEgress } from '../compiled-egress.ts';
import { createKinesisSink } from '../kinesis-sink.ts';
import { startEgressWorker } from '../worker.ts';
import { egressOf } from './egress.ts';

export interface WorkerProcessArguments {
  readonly redisUrl: string;
  readonly endpoint: string;
  readonly workerId: string;
  readonly egress: Partial<CompiledEgress>;
  readonly lease: { readonly ttlMs: number; readonly renewIntervalMs: number };
}

const { redisUrl, endpoint, workerId, egress, lease } = JSON.parse(process.argv[2]!) as WorkerProcessArguments;
const logger = createLogger({ level: 'info', facts: { worker: workerId } });
const clock = systemClock;
const session = await connectRedis({ url: redisUrl }, { logger, clock });
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const sink = createKinesisSink({ region: 'us-east-1', endpoint, credentials }, clock);
const worker = startEgressWorker({
  egresses: [egressOf(egress)],
  sinkOf: () => sink,
  session,
  keyPrefix: 'sluice',
  workerId,
  lease,
  clock,
  logger,
  telemetry: createTelemetry(logger, { processMetrics: false }),
  random: Math.random,
});
process.on('SIGTERM', () => worker.stop());
await worker.ended;
process.exit(0);
