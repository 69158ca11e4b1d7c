/**
 * A worker in a process of its own, for tests that stop or kill it: leases what it is told to and, as long as it holds a lease, notes each
 * use of it in the list `uses` as `worker:key:token number`.
 *
 * Arguments: Redis URL, worker, lease duration and renewal interval in milliseconds, then the keys.
 */
import { silentLogger, systemClock } from '@sluice/core';
import { connectRedis } from '@sluice/redis';
import { createLeaseKeeper } from '../keeper/lease-keeper.ts';
import { freeResource } from '../plan/lease-resource.ts';
import { createRedisLeaseStore } from '../redis-lease-store.ts';

const [url, worker, ttlMs, intervalMs, ...keys] = process.argv.slice(2) as [string, string, string, string, ...string[]];
const session = await connectRedis({ url }, { logger: silentLogger, clock: systemClock });
const keeper = createLeaseKeeper({
  ...{ store: createRedisLeaseStore(session), group: '{workers}', worker, clock: systemClock, logger: silentLogger },
  ...{ ttlMs: Number(ttlMs), intervalMs: Number(intervalMs), resources: async () => keys.map(freeResource) },
  emit: (event) => {
    if (event.type === 'lease.recalled') void keeper.release(event.lease, { successor: event.successor });
  },
});
keeper.start();

const use = () => {
  for (const lease of keeper.leases) {
    if (!lease.isHeld()) continue;
    session.run(lease.epoch, (client) => client.rpush('uses', `${worker}:${lease.key}:${lease.token.number}`)).catch(() => undefined);
  }
};
setInterval(use, 5);
process.on('SIGTERM', async () => {
  await keeper.stop();
  process.exit(0);
});
