import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { OUTPUT, Pipeline, SOURCE } from './src/pipeline.ts';
import { merge, split } from './src/reshard.ts';

const RECORDS = 20_000;

it('keeps the order of each key through splits and merges of both streams in mid-stream', async () => {
  await using pipeline = await Pipeline.start({ shards: 4, outputShards: 2 });
  await pipeline.startWorkers({ ingress: 2, egress: 2 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('resharding'));
  feed.start(2_500);

  for (const reshard of [split, merge]) {
    for (const stream of [SOURCE, OUTPUT]) {
      const before = { fed: feed.fed.length, written: pipeline.written };
      await until('records on both sides', () => feed.fed.length > before.fed + 1_000 && pipeline.written > before.written + 1_000);
      await reshard(pipeline, stream);
    }
  }

  const fedAtLast = feed.fed.length;
  await until('records behind the last change', () => feed.fed.length > fedAtLast + 1_000);
  await feed.stop(RECORDS);
  expect(await pipeline.deliveredOnce(feed.fed)).toEqual({
    fed: feed.fed.length,
    readBack: feed.fed.length,
    lost: 0,
    duplicated: 0,
    foreign: 0,
    outOfOrder: 0,
  });
});
