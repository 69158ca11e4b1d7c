/**
 * A process can be stopped between any two instructions: between its last look at its lease and the write, while a connection opens, or
 * with half a request in the socket. What it began so leaves when it goes on, which guarantee 7 of docs/delivery.md allows: it repeats what
 * the next owner writes, or precedes it. Nothing may be *started* then. The two are told apart by the time at which a request was signed,
 * which comes right before that last look: the process stood still for seconds, so the signature is from before or from after.
 */

import type { RequestObservation } from '@sluice/kinesis-emulator';
import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { App, Worker } from './src/worker.ts';

const LEASE = { ttl: '2s', renew: '400ms' };
const LEASE_MS = 2_000;
const SHARDS = 12;

it('an ingress-worker that was stopped for longer than its lease starts no request under it', async () => {
  // Each of its six shards has a next read that is due long before the process goes on.
  expect(await stall('ingress-worker', 'GetRecords')).toEqual([]);
});

it('an egress-worker that was stopped for longer than its lease starts no request under it', async () => {
  expect(await stall('egress-worker', 'PutRecords')).toEqual([]);
});

/**
 * Stops one of two workers for twice its lease in mid-stream, and makes sure that everything arrives in order. Answers what the stalled
 * worker started after it went on and before it had claimed leases anew.
 */
async function stall(app: App, operation: string): Promise<RequestObservation[]> {
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
  const late = requests().filter(({ atMs }) => atMs >= continuedAtMs && atMs < claimedAtMs);
  process.stdout.write(`stalls: ${app} sent ${late.length} requests late, between ${continuedAtMs} and ${claimedAtMs}\n`);
  // Signatures tell the second.
  return late.filter(({ signedAtMs }) => signedAtMs! + 1_000 > continuedAtMs);
}

/** When the worker first claimed a lease after a moment; milliseconds since 1970. */
function claimedSince(worker: Worker, momentMs: number): number | undefined {
  return worker.log().find(({ msg, atMs }) => msg === 'lease claimed' && atMs >= momentMs)?.atMs;
}
