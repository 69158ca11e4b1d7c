import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { Worker } from './src/worker.ts';

const AWAY_MS = 4_000;

it('waits for an endpoint that goes away and comes back with its data', async () => {
  await using pipeline = await Pipeline.start();
  const { ingress, egress } = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('endpoint'));
  await feed.feed(10_000);
  await until('records to flow', () => pipeline.written > 1_000);

  // Who has no shard yet, or no processor meanwhile, does not notice.
  const isNoticed = () => ingress.every((worker) => worker.log().some(({ msg }) => msg.startsWith('read failed')));
  while (!isNoticed()) {
    await pipeline.kinesis.pause(AWAY_MS);
    const backAtMs = performance.now() + AWAY_MS;
    await until('the readers to say so', () => isNoticed() || performance.now() > backAtMs);
    await until('the endpoint to come back', () => pipeline.client.describeStream(SOURCE));
  }
  await feed.feed(2_000);

  const report = await pipeline.delivered(feed.fed);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  // Only what was on its way when the connections were cut may have been written twice, and what a busy machine left unconfirmed.
  const ambiguous = await sum(egress, 'sluice_egress_ambiguous_records_total');
  process.stdout.write(`endpoint: ${report.duplicated} duplicates of ${ambiguous} records without an answer\n`);
  const unconfirmed = egress.reduce((total, worker) => total + worker.unconfirmed(), 0);
  expect(report.duplicated).toBeLessThanOrEqual(ambiguous + unconfirmed);
});

it('keeps the order of a hot key while its shard is throttled', async () => {
  await using pipeline = await Pipeline.start({ shards: 16, outputShards: 1, quotas: true });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('throttling'));
  // Each of the sixteen shards takes 1000 records a second, the one that they all go to takes no more.
  for (let round = 0; round < 6; round++) {
    await feed.feed(1_000);
    await feed.put(hotRecords(round));
  }
  // The quota alone throttles only those who write fast enough, which no slow machine does. At this rate all 150 records of the hot key get
  // through at the first attempt once in seven million runs.
  await pipeline.kinesis.setFaults({ PutRecords: { recordErrorRate: 0.1, recordErrors: ['ProvisionedThroughputExceededException'] } });
  const { egress } = await pipeline.startWorkers({ ingress: 2, egress: 2 });

  expect(await pipeline.deliveredOnce(feed.fed)).toMatchObject({ lost: 0, duplicated: 0, foreign: 0, outOfOrder: 0 });
  expect(await sum(egress, 'sluice_egress_retried_records_total')).toBeGreaterThan(0);
});

const hotRecords = (round: number) =>
  Array.from({ length: 25 }, (_, number) => ({ partitionKey: 'hot', data: Buffer.from(JSON.stringify({ key: 'hot', round, number })) }));

/** A counter of several workers, added up. */
async function sum(workers: readonly Worker[], counter: string): Promise<number> {
  const counts = await Promise.all(workers.map((worker) => worker.counter(counter)));
  return counts.reduce((total, count) => total + count, 0);
}
