import { expect, it } from 'vitest';
import { chance } from './src/chance.ts';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import { until } from './src/until.ts';
import type { Worker } from './src/worker.ts';

const LEASE = { ttl: '2s', renew: '400ms' };
const LEASE_MS = 2_000;

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
  await until('the worker to be busy', () => requests().length > 30);

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
  const late = requests().filter(({ atMs }) => atMs > stoppedAtMs + LEASE_MS && atMs < claimedAtMs);
  const begunBefore = givenUp(stalled, continuedAtMs);
  expect(late.filter(({ records }) => !takeFrom(begunBefore, records))).toEqual([]);
});

/**
 * How many records each request had that was under way through the stop, and so counts as timed out. One that was only waiting for its
 * connection leaves as the process goes on, before anything of ours runs.
 */
const givenUp = (worker: Worker, momentMs: number): unknown[] =>
  worker
    .log()
    .filter(({ event, code, atMs }) => event === 'request.failed' && code === 'KINESIS_TIMEOUT' && atMs >= momentMs)
    .map(({ records }) => records);

/** Takes an item out of a list; answers whether it was there. */
function takeFrom(items: unknown[], item: unknown): boolean {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
  return index >= 0;
}

/** When the worker first claimed a lease after a moment; milliseconds since 1970. */
function claimedSince(worker: Worker, momentMs: number): number | undefined {
  return worker.log().find(({ msg, atMs }) => msg === 'lease claimed' && atMs >= momentMs)?.atMs;
}
