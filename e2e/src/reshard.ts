import { MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import type { Pipeline } from './pipeline.ts';

/** Splits the first open shard in the middle. */
export async function split({ client }: Pick<Pipeline, 'client'>, stream: string): Promise<void> {
  const [shard] = await openShards(client, stream);
  const { start, end } = shard!.hashRange;
  await client.sdk.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: shard!.shardId, NewStartingHashKey: String((start + end) / 2n) }),
  );
}

/** Merges the two open shards that the hash keys begin with. */
export async function merge({ client }: Pick<Pipeline, 'client'>, stream: string): Promise<void> {
  const [left, right] = await openShards(client, stream);
  await client.sdk.send(new MergeShardsCommand({ StreamName: stream, ShardToMerge: left!.shardId, AdjacentShardToMerge: right!.shardId }));
}

/** In the order of their hash keys. */
async function openShards(client: Pipeline['client'], stream: string) {
  const shards = await client.listShards(stream);
  return shards
    .filter(({ endingSequenceNumber }) => endingSequenceNumber === undefined)
    .toSorted((a, b) => (a.hashRange.start < b.hashRange.start ? -1 : 1));
}
