import { isRetryable, type SluiceRecord, sleep, systemClock } from '@sluice/core';
import type { KinesisSource } from '@sluice/kinesis';

const LOOK_MS = 200;

/**
 * Reads a stream from its beginning and goes on until the signal is aborted; the records of a shard in their order, each once. Resolves
 * then; what may pass is tried again.
 */
export async function followStream(
  source: KinesisSource,
  stream: string,
  onRecord: (record: SluiceRecord) => void,
  signal: AbortSignal,
): Promise<void> {
  const pause = () => sleep(systemClock, LOOK_MS, signal).catch(() => undefined);
  const attempt = async <Answer>(call: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return await call();
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await pause();
      return undefined;
    }
  };

  const followShard = async (shardId: string) => {
    let iterator: string | undefined;
    let lastSequenceNumber: string | undefined;
    while (!signal.aborted) {
      const position =
        lastSequenceNumber === undefined
          ? ({ type: 'TRIM_HORIZON' } as const)
          : ({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: lastSequenceNumber } as const);
      iterator ??= await attempt(() => source.getShardIterator({ stream, shardId, position }));
      if (iterator === undefined) continue;
      const at = iterator;
      const page = await attempt(() => source.getRecords({ stream, shardId, iterator: at, limit: 1_000 }));
      for (const record of page?.recordsAfter().take() ?? []) {
        lastSequenceNumber = record.origin?.sequenceNumber;
        onRecord(record);
      }
      iterator = page?.nextIterator ?? undefined;
      if (page) await pause();
    }
  };

  let shards: Awaited<ReturnType<KinesisSource['listShards']>> | undefined;
  while (!shards && !signal.aborted) shards = await attempt(() => source.listShards(stream));
  await Promise.all((shards ?? []).map(({ shardId }) => followShard(shardId)));
}
