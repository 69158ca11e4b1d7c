import type { Stream } from './stream.ts';

/** A record as it lies in the store. */
export interface StoredRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** A view of the store's own memory: read it, do not keep or change it. */
  readonly data: Buffer;
  readonly arrivalMs: number;
}

/** Every record of a stream, shard by shard in order of their ids, oldest first. */
export function* storedRecords(stream: Stream): Generator<StoredRecord> {
  for (const { id: shardId, log, numbers } of stream.shards) {
    for (const { segment, from, to } of log.page(0, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).runs) {
      for (let index = from; index < to; index++) {
        yield {
          shardId,
          sequenceNumber: numbers.format(segment.ordinals[index]!),
          partitionKey: segment.partitionKeys[index]!,
          data: segment.dataOf(index),
          arrivalMs: segment.arrivalsMs[index]!,
        };
      }
    }
  }
}
