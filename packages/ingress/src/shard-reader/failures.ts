import type { RetryNumbers } from '@sluice/config';
import { isRetryable, SluiceError } from '@sluice/core';
import { isBlocked } from '@sluice/kinesis';
import { areRetriesSpent } from './pauses.ts';
import type { ShardReaderContext } from './shard-reader-context.ts';

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean => error instanceof SluiceError && codes.includes(error.code);

const isTransient = (error: unknown): boolean => hasCode(error, 'KINESIS_THROTTLED', 'KINESIS_UNAVAILABLE', 'KINESIS_TIMEOUT');

/** Whether only an operator can help, so that there is no hurry. */
export const isForOperators = (error: unknown): boolean => isBlocked(error) || hasCode(error, 'KINESIS_VALIDATION', 'SHARD_BLOCKED');

type Failure = Pick<ShardReaderContext, 'iterator' | 'page' | 'attempt' | 'error' | 'source'>;

/** Those of the call that comes next: GetShardIterator where there is no iterator. */
export const retriesOf = ({ iterator, source: { retries } }: Pick<Failure, 'iterator' | 'source'>): RetryNumbers | undefined =>
  iterator === undefined ? retries.getShardIterator : retries.getRecords;

/** Whether the same call may be made again. Where the user limits retries, the reader then begins anew at its checkpoint. */
export const canAskAgain = (failure: Failure): boolean =>
  failure.page === undefined && isTransient(failure.error) && !areRetriesSpent(retriesOf(failure), failure.attempt);

/** Whether the reader may begin anew from its checkpoint. Where it gets no iterator, only as often as the user allows: another worker may try. */
export function canStartAgain(failure: Failure): boolean {
  if (failure.iterator === undefined && areRetriesSpent(failure.source.retries.getShardIterator, failure.attempt)) return false;
  return isRetryable(failure.error) || hasCode(failure.error, 'KINESIS_VALIDATION');
}
