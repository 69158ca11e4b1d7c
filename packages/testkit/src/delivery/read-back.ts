import { isRetryable, type SluiceRecord, sleep, systemClock } from '@sluice/core';
import { type KinesisSource, MAX_RECORDS_PER_GET, type ShardDescription } from '@sluice/kinesis';

const THROTTLE_PAUSE_MS = 250;

/** Every record that a stream holds now, shard by shard, parents before their children. */
export async function* readBack(source: KinesisSource, stream: string): AsyncGenerator<SluiceRecord> {
  for (const { shardId } of parentsFirst(await source.listShards(stream))) yield* readShard(source, stream, shardId);
}

/** Of every shard that holds anything, when its oldest record arrived; milliseconds since 1970. */
export async function oldestArrivals(source: KinesisSource, stream: string): Promise<number[]> {
  const arrivals: number[] = [];
  for (const { shardId } of await source.listShards(stream)) {
    const { value: oldest } = await readShard(source, stream, shardId, 1).next();
    if (oldest?.origin) arrivals.push(oldest.origin.arrivalTimeMs);
  }
  return arrivals;
}

async function* readShard(
  source: KinesisSource,
  stream: string,
  shardId: string,
  limit = MAX_RECORDS_PER_GET,
): AsyncGenerator<SluiceRecord, undefined> {
  let iterator: string | null = await source.getShardIterator({ stream, shardId, position: { type: 'TRIM_HORIZON' } });
  while (iterator !== null) {
    const page = await patiently(() => source.getRecords({ stream, shardId, iterator: iterator!, limit }));
    yield* page.recordsAfter().take();
    if (page.rawCount === 0 && page.millisBehindLatest === 0) return undefined;
    iterator = page.nextIterator;
  }
  return undefined;
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
