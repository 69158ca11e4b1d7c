import { ManualClock } from '@sluice/core/testing';
import type { LeaseHarness } from './testing/lease-harness.ts';
import { describeLeaseStore } from './testing/lease-store.conformance.ts';
import { createMemoryLeases, type MemoryConnection } from './testing/memory-leases.ts';
import { describeShardTable } from './testing/shard-table.conformance.ts';

const harness = memoryHarness();
describeLeaseStore('in memory', () => harness);
describeShardTable('in memory', () => harness);

function memoryHarness(): LeaseHarness {
  const clock = new ManualClock();
  const leases = createMemoryLeases(clock);
  const connections: MemoryConnection[] = [];
  let keys = 0;
  return {
    async connect() {
      const connection = leases.connect();
      connections.push(connection);
      return connection;
    },
    async breakConnection(store) {
      const connection = connections.find((each) => each.store === store)!;
      connection.disconnect();
      connection.reconnect();
    },
    wait: async (ms) => clock.advance(ms),
    newKey: () => `key-${++keys}`,
  };
}
