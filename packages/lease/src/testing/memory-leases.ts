import type { Clock } from '@sluice/core';
import type { LeaseStore } from '../lease-store.ts';
import type { ShardTableOptions } from '../shards/redis-shard-table.ts';
import type { ShardTable } from '../shards/shard-table.ts';
import { createMemoryLeaseStore } from './memory-lease-store.ts';
import { MemoryShardTable } from './memory-shard-table.ts';
import { MemoryLink, type MemoryState, type Row } from './memory-state.ts';

/** A connection to leases in memory: the ports that a session to Redis would give. */
export interface MemoryConnection {
  readonly store: LeaseStore;
  table(options: ShardTableOptions): ShardTable;
  /** Breaks the connection: the epoch moves, and every call rejects until {@link reconnect}. */
  disconnect(): void;
  reconnect(): void;
}

/** Leases in memory, shared by as many connections as a test wants. For tests of what stands on leases; one suite runs on these and on Redis. */
export interface MemoryLeases {
  connect(): MemoryConnection;
  /** The rows as they are, for a test to look at or to tamper with. */
  readonly rows: Map<string, Row>;
  /** Groups whose leases nobody shall hold. */
  readonly paused: Set<string>;
}

export function createMemoryLeases(clock: Clock): MemoryLeases {
  const state: MemoryState = { clock, rows: new Map(), members: new Map(), tables: new Map(), listeners: new Map(), paused: new Set() };
  let connections = 0;
  return {
    rows: state.rows,
    paused: state.paused,
    connect() {
      const link = new MemoryLink(`memory-${++connections}`);
      return {
        store: createMemoryLeaseStore(state, link),
        table: (options) => new MemoryShardTable(state, link, options),
        disconnect: () => link.disconnect(),
        reconnect: () => link.reconnect(),
      };
    },
  };
}
