import { systemClock } from '@sluice/core';
import { MAX_RECORDS_PER_PUT } from '@sluice/kinesis';
import { feed } from '../feed/feeder.ts';
import type { FeedRecord } from '../feed/record-source.ts';
import { openStreamClient, type StreamConfig } from '../kinesis/stream-config.ts';

export interface PutOptions {
  readonly stream: string;
  readonly records: AsyncIterable<FeedRecord>;
  /** Stops after so many records. */
  readonly count: number;
  /** Records a second at most. */
  readonly rate: number;
  /** Gives region, endpoint and credentials where it reads or writes the stream; otherwise they come from the environment. */
  readonly streams: StreamConfig;
  readonly signal: AbortSignal;
}

/**
 * Puts records into a stream, each until the stream has it, and resolves with their number.
 * @throws {StreamNotFoundError} there is no such stream
 */
export async function put({ stream, records, count, rate, streams, signal }: PutOptions): Promise<number> {
  using client = await openStreamClient(streams, stream);
  await client.describeStream(stream, signal);
  const startedAtMs = systemClock.monotonic();
  let stored = 0;
  await feed({
    ...{ sink: client, stream, records, limit: count, signal },
    batchSize: Math.min(MAX_RECORDS_PER_PUT, Math.ceil(rate)),
    waitMs: () => startedAtMs + (stored / rate) * 1_000 - systemClock.monotonic(),
    onStored: (more) => {
      stored += more;
    },
  });
  return stored;
}
