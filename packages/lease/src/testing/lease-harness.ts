import type { LeaseStore } from '../lease-store.ts';
import type { ShardTableOptions } from '../shards/redis-shard-table.ts';
import type { ShardTable } from '../shards/shard-table.ts';

/** What the conformance suites need of an implementation. */
export interface LeaseHarness {
  /** A connection of its own to the same leases as any other of this harness. */
  connect(): Promise<{ readonly store: LeaseStore; table(options: ShardTableOptions): ShardTable }>;
  /** Loses a store's connection and resolves once it stands again. */
  breakConnection(store: LeaseStore): Promise<void>;
  /** Lets time pass for leases. */
  wait(ms: number): Promise<void>;
  /** A key that nothing else uses. */
  newKey(): string;
}
