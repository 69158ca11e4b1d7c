import { SplitShardCommand } from '@aws-sdk/client-kinesis';
import { randomFor, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const RECORDS = 4_000;

it('loses nothing by enhanced fan-out while its readers are killed and a shard is split', async () => {
  await using pipeline = await Pipeline.start({ lease: { ttl: '2s', renew: '400ms' }, consumer: 'app' });
  const { ingress } = await pipeline.startWorkers({ ingress: 2, egress: 1 });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('fan-out'));
  feed.start(500);

  for (const worker of ingress) {
    const { written } = pipeline;
    await until('records go through', () => pipeline.written > written + 500);
    await worker.kill();
    worker.start();
    await worker.ready();
  }
  const { client } = pipeline;
  const [shard] = await client.listShards(SOURCE);
  const { start, end } = shard!.hashRange;
  const half = String((start + end) / 2n);
  await client.sdk.send(new SplitShardCommand({ StreamName: SOURCE, ShardToSplit: shard!.shardId, NewStartingHashKey: half }));
  await feed.stop(RECORDS);

  expect(await pipeline.delivered(feed.fed)).toMatchObject({ lost: 0, foreign: 0, outOfOrder: 0 });
  const ofKind = (operation: string) => pipeline.kinesis.requests.filter((request) => request.operation === operation && !request.error);
  expect(ofKind('RegisterStreamConsumer')).toHaveLength(1);
  // Each life subscribes to each of its shards, and the children too.
  expect(ofKind('SubscribeToShard').length).toBeGreaterThanOrEqual(6);
});
