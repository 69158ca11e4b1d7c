import { sleep, systemClock } from '@sluice/core';
import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const RECORDS = 20_000;

it.each([
  ['comes back with all that it wrote', 0, 2],
  ['comes back without the end of what it wrote', 200_000, 4],
])('loses nothing and keeps first occurrences in order when Redis crashes and %s', async (what, mostBytes, crashes) => {
  const random = randomFor(`redis ${what}`);
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' } });
  await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, random);
  feed.start(2_500);

  const cuts: number[] = [];
  for (let crash = 0; crash < crashes; crash++) {
    const { written } = pipeline;
    await until('records to flow', () => pipeline.written > written + 500);
    await sleep(systemClock, random.between(0, 500));
    cuts.push(await pipeline.redis.crash(random.between(0, mostBytes)));
    await pipeline.redis.rewritten();
  }
  await feed.stop(RECORDS);

  const report = await pipeline.delivered(feed.fed);
  process.stdout.write(`redis ${what}: cut ${cuts.join(', ')} bytes; ${report.fed} records, ${report.duplicated} duplicates\n`);
  expect(report).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
});
