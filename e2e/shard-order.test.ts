import type { ShardDescription } from '@sluice/kinesis';
import { randomFor, until } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { expect, it } from 'vitest';
import { NumberedFeed } from './src/numbered-feed.ts';
import { OUTPUT, Pipeline, SOURCE } from './src/pipeline.ts';
import { merge, split } from './src/reshard.ts';

const RECORDS = 8_000;

it('keeps the total order of each source shard, children behind their parents, through reshards and a killed worker', async () => {
  await using pipeline = await Pipeline.start({ ordering: 'shard', shards: 3, outputShards: 1 });
  await pipeline.startWorkers({ ingress: 2, egress: 0 });
  // Requests of several shards are under way at once, and overtake each other.
  await pipeline.kinesis.setFaults({ PutRecords: { latencyMs: [0, 60] } });
  const feed = new NumberedFeed(pipeline.client, SOURCE, randomFor('shard order'));
  await feed.feed(2_000);
  // Its children have records while those of the parent are still in the lanes.
  await split(pipeline, SOURCE);
  feed.start(400);
  await until('records of children', () => feed.fed.length > 3_000);
  const { egress } = await pipeline.startWorkers({ ingress: 0, egress: 2 });

  for (const change of [split, merge, () => egress[0]!.kill(), split]) {
    const before = { fed: feed.fed.length, written: pipeline.written };
    await until('records on both sides', () => feed.fed.length > before.fed + 300 && pipeline.written > before.written + 300);
    await change(pipeline, SOURCE);
  }
  const fedAtLast = feed.fed.length;
  await until('records behind the last change', () => feed.fed.length > fedAtLast + 300);
  await feed.stop(RECORDS);

  expect(await pipeline.delivered(feed.fed)).toMatchObject({ lost: 0, foreign: 0 });
  expect(passedIn(await firstsOf(pipeline), await pipeline.client.listShards(SOURCE))).toEqual([]);
});

interface Shards {
  /** By shard of the source, the places in the output of its records, in its order. */
  readonly places: ReadonlyMap<string, readonly number[]>;
}

/** Where the first occurrence of each record is in the output. */
async function firstsOf({ client }: Pipeline): Promise<Shards> {
  const placeOf = new Map<string, number>();
  let place = 0;
  for await (const { data } of readBack(client, OUTPUT)) {
    const text = Buffer.from(data).toString();
    if (!placeOf.has(text)) placeOf.set(text, place);
    place++;
  }
  const places = new Map<string, number[]>();
  for await (const { data, origin } of readBack(client, SOURCE)) {
    const ofShard = places.get(origin!.shardId) ?? [];
    places.set(origin!.shardId, ofShard);
    ofShard.push(placeOf.get(Buffer.from(data).toString())!);
  }
  return { places };
}

/** What came too early, as `shard` or `child before parent`. */
function passedIn({ places }: Shards, shards: readonly ShardDescription[]): string[] {
  const passed = [...places].filter(([, ofShard]) => ofShard.some((place, index) => place < ofShard[index - 1]!)).map(([shard]) => shard);
  for (const { shardId, parentShardId, adjacentParentShardId } of shards) {
    for (const parent of [parentShardId, adjacentParentShardId]) {
      const [last, first] = [places.get(parent ?? '')?.at(-1), places.get(shardId)?.[0]];
      if (last !== undefined && first !== undefined && first < last) passed.push(`${shardId} before ${parent}`);
    }
  }
  return passed;
}
