/**
 * Asks a shard at its tip until there is something to decide: it has records, or is behind, or has ended, or a call failed. This is what
 * most shards do most of the time, so it is a loop: as states of the machine it would cost as much as the calls themselves.
 */
import { sleep } from '@sluice/core';
import type { RecordPage } from '@sluice/kinesis';
import { idleMs } from './pauses.ts';
import { pageReport } from './shard-reader-context.ts';
import type { ShardSession, ShardSource } from './shard-session.ts';

export interface TipWatch {
  readonly session: Pick<ShardSession, 'isPushed' | 'next'>;
  /** Where the first page ended that was empty and at the tip. */
  readonly iterator: string;
  /** Is told of each further one. */
  readonly source: Pick<ShardSource, 'clock' | 'report'>;
  readonly shardId: string;
}

/** What ended the watch. */
export interface TipNews {
  /** The last one that was asked. */
  readonly iterator: string;
  /** `undefined` where the watch failed. */
  readonly page: RecordPage | undefined;
  readonly error: unknown;
}

/** Never rejects: after a failure the iterator says where to go on. */
export async function watchTip({ session, iterator: first, source, shardId }: TipWatch, signal: AbortSignal): Promise<TipNews> {
  let iterator = first;
  try {
    for (let emptyPages = 1; ; emptyPages++) {
      if (!session.isPushed) await sleep(source.clock, idleMs(emptyPages), signal);
      const page = await session.next(iterator, signal);
      if (page.rawCount > 0 || page.millisBehindLatest > 0 || page.nextIterator === null) return { iterator, page, error: undefined };
      source.report(shardId, pageReport(page));
      iterator = page.nextIterator;
    }
  } catch (error) {
    return { iterator, page: undefined, error };
  }
}
