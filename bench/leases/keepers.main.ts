/**
 * Workers that do nothing but share the shards of a stream out: each has a keeper and a connection to Redis of its own. They give a shard
 * back as soon as they are asked to. Prints a line of JSON each quarter of a second; see `KeepersReport`.
 *
 * Arguments: Redis URL, name of this process, how many workers.
 */
import { silentLogger, systemClock } from '@sluice/core';
import { createLeaseKeeper, createRedisLeaseStore, createRedisShardTable } from '@sluice/lease';
import { connectRedis } from '@sluice/redis';
import { GROUP, type KeepersReport, TABLE } from './keepers-report.ts';

const REPORT_EVERY_MS = 250;

const [url, name, workers] = process.argv.slice(2) as [string, string, string];
let claimed = 0;
let lost = 0;

async function startWorker(worker: string) {
  const session = await connectRedis({ url }, { logger: silentLogger, clock: systemClock });
  const table = createRedisShardTable(session, { key: TABLE, group: GROUP, start: { kind: 'TRIM_HORIZON' } });
  const keeper = createLeaseKeeper({
    ...{ store: createRedisLeaseStore(session), group: GROUP, worker, clock: systemClock, logger: silentLogger },
    resources: () => table.resources(),
    emit: (event) => {
      if (event.type === 'lease.claimed') claimed += 1;
      if (event.type === 'lease.lost' && event.reason !== 'released') lost += 1;
      if (event.type === 'lease.recalled') void keeper.release(event.lease, { successor: event.successor });
    },
  });
  keeper.start();
  return keeper;
}

const keepers = await Promise.all(Array.from({ length: Number(workers) }, (_, index) => startWorker(`${name}-${index}`)));
setInterval(() => {
  const held = keepers.map(({ leases }) => leases.filter((lease) => lease.isHeld()).length);
  console.log(JSON.stringify({ held, claimed, lost } satisfies KeepersReport));
}, REPORT_EVERY_MS);
