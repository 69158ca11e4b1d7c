import { sleep, systemClock } from '@sluice/core';
import { expect, it } from 'vitest';
import { type Chance, chance } from './src/chance.ts';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';
import type { Worker } from './src/worker.ts';

const RECORDS = 20_000;
const KILLS_EACH = 3;

it('loses nothing and keeps first occurrences in order while every worker is killed at random moments', { timeout: 90_000 }, async () => {
  const random = chance('crashes');
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
  const { ingress, egress } = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  // Requests take their time, so that kills find some under way.
  await pipeline.kinesis.setFaults({ PutRecords: { latencyMs: [0, 40] } });
  const feed = new NumberedFeed(pipeline.client, SOURCE, random);
  feed.start(1_500);

  const inHand = await Promise.all([...ingress, ...egress].map((worker) => killAgainAndAgain(pipeline, worker, random)));
  await feed.stop(RECORDS);

  const report = await pipeline.delivered(feed.fed);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  // What a killed worker had written but not acknowledged is written again, and nothing else is.
  const explained = inHand.reduce((total, count) => total + count, 0);
  process.stdout.write(`crashes: ${report.fed} records, ${report.duplicated} duplicates of at most ${explained} in hand at the kills\n`);
  expect(report.duplicated).toBeLessThanOrEqual(explained);
});

/** Answers how many records the worker had in hand at its ends, all together. */
async function killAgainAndAgain(pipeline: Pipeline, worker: Worker, random: Chance): Promise<number> {
  let inHand = 0;
  for (let kills = 0; kills < KILLS_EACH; kills++) {
    await sleep(systemClock, random.between(300, 3_500));
    await worker.kill();
    inHand += await pipeline.inHandOf(worker.id);
    worker.start();
    await worker.ready();
  }
  return inHand;
}
