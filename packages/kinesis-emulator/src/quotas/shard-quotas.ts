import type { Clock } from '@sluice/core';
import { MIB, WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '../limits.ts';
import { TokenBucket } from './token-bucket.ts';

const READ_CALLS_PER_SECOND = 5;
const READ_BYTES_PER_SECOND = 2 * MIB;
const ITERATOR_CALLS_PER_SECOND = 5;

/** What one shard lets pass. `false` means that the caller gets a `ProvisionedThroughputExceededException`. */
export interface ShardQuotas {
  admitRecord(bytes: number): boolean;
  admitRead(): boolean;
  /** Tells how large the reply to an admitted read became. */
  chargeRead(bytes: number): void;
  admitIterator(): boolean;
  /** What one subscription lets pass. */
  pushQuota(): PushQuota;
}

export interface PushQuota {
  /** Milliseconds until something may be pushed again; 0 for at once. */
  waitMs(): number;
  charge(bytes: number): void;
}

export const unlimitedQuotas: ShardQuotas = {
  admitRecord: () => true,
  admitRead: () => true,
  chargeRead: () => undefined,
  admitIterator: () => true,
  pushQuota: () => ({ waitMs: () => 0, charge: () => undefined }),
};

/** The service's quotas for one shard. A record above 1 MiB passes when a full second's quota is there, and the shard then pays it off. */
export function serviceQuotas(clock: Clock): ShardQuotas {
  const start = clock.monotonic();
  const records = new TokenBucket(WRITE_RECORDS_PER_SECOND, start);
  const bytesIn = new TokenBucket(WRITE_BYTES_PER_SECOND, start);
  const reads = new TokenBucket(READ_CALLS_PER_SECOND, start);
  const bytesOut = new TokenBucket(READ_BYTES_PER_SECOND, start);
  const iterators = new TokenBucket(ITERATOR_CALLS_PER_SECOND, start);
  return {
    admitRecord(bytes) {
      const now = clock.monotonic();
      if (!records.has(1, now) || !bytesIn.has(bytes, now)) return false;
      records.take(1);
      bytesIn.take(bytes);
      return true;
    },
    admitRead() {
      const now = clock.monotonic();
      if (!reads.has(1, now) || bytesOut.level(now) <= 0) return false;
      reads.take(1);
      return true;
    },
    chargeRead: (bytes) => bytesOut.charge(bytes),
    admitIterator() {
      if (!iterators.has(1, clock.monotonic())) return false;
      iterators.take(1);
      return true;
    },
    pushQuota() {
      const pushed = new TokenBucket(READ_BYTES_PER_SECOND, clock.monotonic());
      return {
        waitMs: () => Math.max(0, Math.ceil((1 - pushed.level(clock.monotonic())) / (READ_BYTES_PER_SECOND / 1000))),
        charge: (bytes) => pushed.take(bytes),
      };
    },
  };
}
