import { isRetryable, sleep, systemClock } from '@sluice/core';
import { type KinesisSink, MAX_RECORDS_PER_PUT } from '@sluice/kinesis';
import type { FeedRecord } from './record-source.ts';

export interface FeedOptions {
  /** Stores records, and answers those that have to be stored again. */
  readonly store: (records: readonly FeedRecord[]) => Promise<readonly FeedRecord[]>;
  readonly records: AsyncIterable<FeedRecord>;
  /** Stops after so many records. */
  readonly limit: number;
  /** Records in a request, at most. @default as many as the service takes */
  readonly batchSize?: number;
  /** Milliseconds to wait before the next batch; asked again until it says 0. @default none */
  readonly waitMs?: () => number;
  readonly signal: AbortSignal;
  /** Called after each answer with the number of records that were stored. */
  readonly onStored: (count: number) => void;
  /** Called with the number of records of each batch once all of them are stored, so that everything up to there is. */
  readonly onBatchStored?: (count: number) => Promise<void>;
}

const PAUSE_MS = 100;
/** Half of what the service takes, so that keys and large lines never push a call over the limit. */
const MAX_BYTES = 5 * 1024 * 1024;

/** Stores records until they, the limit or the signal end it. Each record is tried until it is stored. */
export async function feed(options: FeedOptions): Promise<void> {
  const { store, records, limit, batchSize = MAX_RECORDS_PER_PUT, waitMs = () => 0, signal, onStored, onBatchStored } = options;
  for await (const batch of batchesOf(records, limit, batchSize)) {
    for (let earlyMs = waitMs(); earlyMs > 0 && !signal.aborted; earlyMs = waitMs()) {
      await sleep(systemClock, earlyMs, signal).catch(() => undefined);
    }
    if (signal.aborted) return;
    await storeAll(store, batch, onStored);
    await onBatchStored?.(batch.length);
  }
}

/** A batch in hand is finished even when the feeding is stopped, so that the count of what was fed is right. */
async function storeAll(store: FeedOptions['store'], batch: readonly FeedRecord[], onStored: (count: number) => void) {
  let left = batch;
  while (left.length > 0) {
    const failed = await store(left);
    onStored(left.length - failed.length);
    left = failed;
    if (left.length > 0) await sleep(systemClock, PAUSE_MS);
  }
}

/** Stores records in a stream. An answer that was lost counts as a failure: the stream may then have them twice. */
export const storeInStream =
  (sink: Pick<KinesisSink, 'putRecords'>, stream: string): FeedOptions['store'] =>
  async (records) => {
    try {
      const { results } = await sink.putRecords({ stream, records });
      return records.filter((_, index) => 'errorCode' in results[index]!);
    } catch (error) {
      if (isRetryable(error)) return records;
      throw error;
    }
  };

async function* batchesOf(records: AsyncIterable<FeedRecord>, limit: number, batchSize: number): AsyncGenerator<FeedRecord[]> {
  let batch: FeedRecord[] = [];
  let bytes = 0;
  let taken = 0;
  if (limit === 0) return;
  for await (const record of records) {
    batch.push(record);
    bytes += record.data.byteLength;
    taken += 1;
    if (batch.length === batchSize || bytes >= MAX_BYTES || taken === limit) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (taken === limit) return;
  }
  if (batch.length > 0) yield batch;
}
