/**
 * Reads a stream beside its workers, without a lease and without a checkpoint. Each shard is asked once a second at its tip, since all
 * readers of a shard share its five reads a second.
 */
import { isRetryable, type SluiceRecord, sleep, systemClock } from '@sluice/core';
import { compareSequenceNumbers, IteratorExpiredError, type KinesisSource, type RecordPage, type StartingPosition } from '@sluice/kinesis';
import { TailUsageError } from './errors.ts';

export interface TailOptions {
  readonly source: KinesisSource;
  readonly stream: string;
  /** All where empty. */
  readonly shardIds: readonly string[];
  readonly from: StartingPosition;
  /** The sequence number of the last record to read of each shard; for ever where absent. */
  readonly to: string | undefined;
  /** Called with the records of a shard in their order, user records of aggregates one by one. `false` ends the reading. */
  readonly onRecord: (record: SluiceRecord) => boolean | Promise<boolean>;
  readonly signal: AbortSignal;
}

const AT_TIP_MS = 1_000;
const BEHIND_MS = 250;
const RECORDS_A_READ = 1_000;

/**
 * Resolves once the signal is aborted, `onRecord` says so, or all is read. What may pass is tried again; children of a shard that ends follow.
 * @throws {TailUsageError} a shard is not one of the stream
 */
export async function tailStream({ source, stream, shardIds, from, to, onRecord, signal: outer }: TailOptions): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([outer, done.signal]);
  const startedAtMs = systemClock.now();
  const seen = new Set<string>();

  const readShard = async (shardId: string, start: StartingPosition): Promise<void> => {
    if (seen.has(shardId)) return;
    seen.add(shardId);
    let position = start;
    let iterator: string | null | undefined;
    let page: RecordPage | undefined;
    while (!signal.aborted && iterator !== null) {
      try {
        iterator ??= await source.getShardIterator({ stream, shardId, position }, signal);
        page = await source.getRecords({ stream, shardId, iterator, limit: RECORDS_A_READ }, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof IteratorExpiredError) iterator = undefined;
        else if (!isRetryable(error)) throw error;
        // The latest records are those from now on, not from whenever the service answers again.
        if (position.type === 'LATEST') position = { type: 'AT_TIMESTAMP', timestampMs: startedAtMs };
        await pause(AT_TIP_MS);
        continue;
      }
      for (const record of page.recordsAfter().take()) {
        const { sequenceNumber } = record.origin!;
        if (to !== undefined && compareSequenceNumbers(sequenceNumber, to) > 0) return;
        if (signal.aborted || !(await onRecord(record))) return done.abort();
        position = { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber };
      }
      iterator = page.nextIterator;
      if (iterator !== null) await pause(page.millisBehindLatest > 0 ? BEHIND_MS : AT_TIP_MS);
    }
    const children = page?.childShards ?? [];
    if (shardIds.length === 0 && to === undefined)
      await Promise.all(children.map((child) => readShard(child.shardId, { type: 'TRIM_HORIZON' })));
  };
  const pause = (ms: number) => sleep(systemClock, ms, signal).catch(() => undefined);

  const shards = (await source.listShards(stream, signal)).map(({ shardId }) => shardId);
  const unknown = shardIds.find((shardId) => !shards.includes(shardId));
  if (unknown !== undefined) throw new TailUsageError(`expected a shard of ${stream}, found ${unknown}; it has ${shards.join(', ')}`);
  await Promise.all((shardIds.length > 0 ? shardIds : shards).map((shardId) => readShard(shardId, from)));
}
