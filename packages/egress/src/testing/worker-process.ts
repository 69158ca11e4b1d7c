/** An egress-worker in a process of its own, for tests that kill it. Its one argument is JSON. */
import { systemClock } from '@sluice/core';
import { createKinesisClient } from '@sluice/kinesis';
import { connectRedis } from '@sluice/redis';
import { createLogger, createTelemetry } from '@sluice/telemetry';
import type { CompiledEgress } from '../compile/compiled-egress.ts';
import { openEgress } from '../open-egress.ts';
import { egressOf } from './egress.ts';
import { runEgresses } from './run-egresses.ts';

export interface WorkerProcessArguments {
  readonly redisUrl: string;
  readonly endpoint: string;
  readonly workerId: string;
  readonly egress: Partial<CompiledEgress>;
  readonly lease: { readonly ttlMs: number; readonly renewIntervalMs: number };
  /** Whether Kinesis is known to enforce its quotas. */
  readonly hasQuotas?: boolean;
}

const { redisUrl, endpoint, workerId, egress, lease, hasQuotas = false } = JSON.parse(process.argv[2]!) as WorkerProcessArguments;
const logger = createLogger({ level: 'info', facts: { worker: workerId } });
const clock = systemClock;
const session = await connectRedis({ url: redisUrl }, { logger, clock });
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const openSink = async () => createKinesisClient({ region: 'us-east-1', endpoint, credentials });
const logic = openEgress(egressOf(egress), openSink, {
  session,
  keyPrefix: 'sluice',
  worker: workerId,
  lease,
  hasQuotas,
  clock,
  logger,
  telemetry: createTelemetry(logger, { processMetrics: false }),
  random: Math.random,
});
const worker = runEgresses([logic], clock);
process.on('SIGTERM', () => worker.stop());
await worker.ended;
process.exit(0);
