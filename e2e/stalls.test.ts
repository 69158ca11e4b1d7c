import { expect, it } from 'vitest';
import { chance } from './src/chance.ts';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import { until } from './src/until.ts';
import type { Worker } from './src/worker.ts';

const LEASE = { ttl: '2s', renew: '400ms' };
const LEASE_MS = 2_000;
const BUSY_REQUESTS = { 'ingress-worker': 30, 'egress-worker': 300 };

it.each([
  ['ingress-worker', 'GetRecords'],
  ['egress-worker', 'PutRecords'],
] as const)('an %s that was stopped for longer than its lease starts no request under it', { timeout: 180_000 }, async (app, operation) => {
  await using pipeline = await Pipeline.start({ lease: LEASE });
  const workers = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const stalled = app === 'ingress-worker' ? workers.ingress[0]! : workers.egress[0]!;
  await pipeline.kinesis.setFaults({ PutRecords: { latencyMs: [0, 40] } });
  const feed = new NumberedFeed(pipeline.client, SOURCE, chance(`stalled ${app}`));
  feed.start(2_000);
  const requests = () =>
    pipeline.kinesis.requests.filter((request) => request.accessKeyId === stalled.id && request.operation === operation);
  // By then it has as many connections as it needs: a request that waits for a new one leaves when the process goes on.
  await until('the worker to be busy', () => requests().length > BUSY_REQUESTS[app]);

  const stoppedAtMs = stalled.signal('SIGSTOP');
  const { written } = pipeline;
  await until('its leases to end and others to go on', () => Date.now() > stoppedAtMs + 2 * LEASE_MS && pipeline.written > written + 2_000);
  const continuedAtMs = stalled.signal('SIGCONT');
  const claimedAtMs = await until('it to claim leases anew', () => claimedSince(stalled, continuedAtMs));

  await until('it to be busy again', () => requests().some(({ atMs }) => atMs > claimedAtMs));
  await feed.stop();
  const report = await pipeline.delivered(feed.fed);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  // What was on the wire when the worker was stopped has long arrived by then.
  expect(requests().filter(({ atMs }) => atMs > stoppedAtMs + LEASE_MS && atMs < claimedAtMs)).toEqual([]);
});

/** When the worker first claimed a lease after a moment; milliseconds since 1970. */
function claimedSince(worker: Worker, momentMs: number): number | undefined {
  return worker.log().find(({ msg, atMs }) => msg === 'lease claimed' && atMs >= momentMs)?.atMs;
}
