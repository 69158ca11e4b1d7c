/**
 * A process can be stopped between any two instructions, so also between its last look at its lease and the write that follows. What was
 * begun so before a stop leaves when the process goes on, and is told apart here from what is started after it: nothing may be.
 */

import type { RequestObservation } from '@sluice/kinesis-emulator';
import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { App, LogLine, Worker } from './src/worker.ts';

const LEASE = { ttl: '2s', renew: '400ms' };
const LEASE_MS = 2_000;
const SHARDS = 12;

it('an ingress-worker that was stopped for longer than its lease starts no request under it', async () => {
  const { late } = await stall('ingress-worker', 'GetRecords');
  // Each of its six shards has a next read that is due long before the process goes on. One or two may have been on their way.
  expect(late.length).toBeLessThanOrEqual(2);
});

it('an egress-worker that was stopped for longer than its lease starts no request under it', async () => {
  const { late, log } = await stall('egress-worker', 'PutRecords');
  const begunBefore = recordsGivenUp(log);
  // The stop may fall between the last look at the lease and the write, and the answer may come in time for no failure to be logged.
  expect(late.filter(({ records }) => !takeFrom(begunBefore, records)).length).toBeLessThanOrEqual(1);
});

interface Stall {
  /** What the stalled worker wrote since it went on. */
  readonly log: readonly LogLine[];
  /** Requests of the stalled worker that were carried out after its leases had ended and before it had claimed others. */
  readonly late: readonly RequestObservation[];
}

/** Stops one of two workers for twice its lease in mid-stream, and makes sure that everything arrives in order. */
async function stall(app: App, operation: string): Promise<Stall> {
  await using pipeline = await Pipeline.start({ shards: SHARDS, lease: LEASE });
  const workers = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const stalled = app === 'ingress-worker' ? workers.ingress[0]! : workers.egress[0]!;
  await pipeline.kinesis.setFaults({ PutRecords: { latencyMs: [0, 40] } });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor(`stalled ${app}`));
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
  expect(await pipeline.delivered(feed.fed)).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  // What was on the wire when the worker was stopped had long arrived when its leases ended.
  const late = requests().filter(({ atMs }) => atMs > stoppedAtMs + LEASE_MS && atMs < claimedAtMs);
  return { late, log: stalled.log().filter(({ atMs }) => atMs >= continuedAtMs) };
}

/** When the worker first claimed a lease after a moment; milliseconds since 1970. */
function claimedSince(worker: Worker, momentMs: number): number | undefined {
  return worker.log().find(({ msg, atMs }) => msg === 'lease claimed' && atMs >= momentMs)?.atMs;
}

/** How many records each request had that was begun before the stop: after it they all count as timed out. */
const recordsGivenUp = (log: readonly LogLine[]): unknown[] =>
  log.filter(({ event, code }) => event === 'request.failed' && code === 'KINESIS_TIMEOUT').map(({ records }) => records);

/** Takes an item out of a list; answers whether it was there. */
function takeFrom(items: unknown[], item: unknown): boolean {
  const index = items.indexOf(item);
  if (index >= 0) items.splice(index, 1);
  return index >= 0;
}
