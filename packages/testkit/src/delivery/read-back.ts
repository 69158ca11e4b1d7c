import { isRetryable, type SluiceRecord, sleep, systemClock } from '@sluice/core';
import { type KinesisSource, MAX_RECORDS_PER_GET, type ShardDescription } from '@sluice/kinesis';

const THROTTLE_PAUSE_MS = 250;

/** Every record that a stream holds now, shard by shard, parents before their children. */
export async function* readBack(source: KinesisSource, stream: string): AsyncGenerator<SluiceRecord> {
  for (const { shardId } of parentsFirst(await source.listShards(stream))) yield* readShard(source, stream, shardId);
}

async function* readShard(source: KinesisSource, stream: string, shardId: string): AsyncGenerator<SluiceRecord> {
  let iterator: string | null = await source.getShardIterator({ stream, shardId, position: { type: 'TRIM_HORIZON' } });
  while (iterator !== null) {
    const page = await patiently(() => source.getRecords({ stream, shardId, iterator: iterator!, limit: MAX_RECORDS_PER_GET }));
    yield* page.recordsAfter().take();
    if (page.rawCount === 0 && page.millisBehindLatest === 0) return;
    iterator = page.nextIterator;
  }
}

async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await sleep(systemClock, THROTTLE_PAUSE_MS);
    }
  }
}

/** Shard ids grow with the age of a stream, so their order is the order of generations. */
const parentsFirst = (shards: readonly ShardDescription[]): ShardDescription[] =>
  shards.toSorted((a, b) => (a.shardId < b.shardId ? -1 : 1));
