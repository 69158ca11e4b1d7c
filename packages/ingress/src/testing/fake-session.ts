import { rowsOf } from '@sluice/core/testing';
import type { Checkpoint } from '@sluice/lease';
import type { ShardSession } from '../shard-reader/shard-session.ts';

/** A shard that has nothing to read until a test says so. */
export interface FakeSession extends ShardSession {
  /** Makes the call for records that is open, or the next one, fail. */
  fail(error: unknown): void;
  /** Lets the shard be at its end. */
  finish(): void;
}

export function createFakeSession(): FakeSession {
  const outcome = Promise.withResolvers<void>();
  outcome.promise.catch(() => undefined);
  const checkpoint: Checkpoint = { kind: 'TRIM_HORIZON' };
  return {
    checkpoint,
    isPushed: false,
    open: async () => 'iterator',
    next: async () => {
      await outcome.promise;
      return {
        ...{
          rawCount: 0,
          byteSize: 0,
          hasAggregates: false,
          firstSequenceNumber: undefined,
          lastSequenceNumber: undefined,
          nextIterator: null,
        },
        ...{
          childShards: [],
          millisBehindLatest: 0,
          recordsAfter: () => ({ isDone: true, take: () => rowsOf([]) }),
          release: () => undefined,
        },
      };
    },
    take: async () => ({ records: rowsOf([]), isLast: true }),
    enqueue: async () => undefined,
    moveCheckpoint: async () => ({ outcome: 'stored' }),
    end: async () => ({ outcome: 'stored' }),
    fail: (error) => outcome.reject(error),
    finish: () => outcome.resolve(),
    flush: async () => undefined,
    [Symbol.dispose]: () => undefined,
  };
}
