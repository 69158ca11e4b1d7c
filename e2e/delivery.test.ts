import { randomFor } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const RECORDS = 20_000;

it('carries 20,000 records over four shards, each once and in the order of its key', async () => {
  await using pipeline = await Pipeline.start({ shards: 4 });
  await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('delivery'));

  await feed.feed(RECORDS);

  expect(await pipeline.deliveredOnce(feed.fed)).toEqual({
    fed: RECORDS,
    readBack: RECORDS,
    lost: 0,
    duplicated: 0,
    foreign: 0,
    outOfOrder: 0,
  });
});
