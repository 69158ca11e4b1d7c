import { systemClock } from '@sluice/core';
import { MAX_RECORDS_PER_PUT } from '@sluice/kinesis';
import { type FeedOptions, feed } from '../feed/feeder.ts';
import type { FeedRecord } from '../feed/record-source.ts';

export interface PutOptions {
  readonly store: FeedOptions['store'];
  readonly records: AsyncIterable<FeedRecord>;
  /** Stops after so many records. */
  readonly count: number;
  /** Records a second at most. */
  readonly rate: number;
  readonly signal: AbortSignal;
  readonly onStored: (stored: number, elapsedMs: number) => void;
  /** All records up to so many are stored. */
  readonly onBatchStored: (stored: number) => Promise<void>;
}

/** Puts records, each until it is stored, and resolves with their number. */
export async function put({ store, records, count, rate, signal, onStored, onBatchStored }: PutOptions): Promise<number> {
  const startedAtMs = systemClock.monotonic();
  const elapsed = () => systemClock.monotonic() - startedAtMs;
  let [stored, whole] = [0, 0];
  await feed({
    ...{ store, records, limit: count, signal },
    batchSize: Math.min(MAX_RECORDS_PER_PUT, Math.ceil(rate)),
    waitMs: () => (stored / rate) * 1_000 - elapsed(),
    onStored(more) {
      stored += more;
      onStored(stored, elapsed());
    },
    onBatchStored(more) {
      whole += more;
      return onBatchStored(whole);
    },
  }).catch((error: unknown) => {
    // It waited for room in the lanes when it was stopped.
    if (!signal.aborted) throw error;
  });
  return stored;
}
