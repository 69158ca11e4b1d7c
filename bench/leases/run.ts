/**
 * Many shards, many workers: how long they take to share the shards out, whether they lose a lease meanwhile, and what Redis and a worker
 * need from then on. A worker is a keeper with a connection of its own; several of them share a process.
 *
 *     node bench/leases/run.ts [--shards 1000] [--workers 20] [--processes 4] [--burners 0] [--seconds 20]
 *
 * `--burners 2` keeps two threads busy while the workers start. Linux only: CPU is what `/proc` says.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { silentLogger, sleep, systemClock } from '@sluice/core';
import { createRedisShardTable } from '@sluice/lease';
import { connectRedis } from '@sluice/redis';
import { NodeProcess, startRedisServer, usageOf } from '@sluice/testkit';
import { pidOfRedis } from '../pipeline/observe.ts';
import { GROUP, type KeepersReport, TABLE } from './keepers-report.ts';

const { values } = parseArgs({
  options: {
    shards: { type: 'string', default: '1000' },
    workers: { type: 'string', default: '20' },
    processes: { type: 'string', default: '4' },
    burners: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '20' },
  },
});
const [shards, workers, processes, burners, seconds] = [
  values.shards,
  values.workers,
  values.processes,
  values.burners,
  values.seconds,
].map(Number) as [number, number, number, number, number];
const PATIENCE_MS = 120_000;
/** What is claimed last is renewed a few times before the rest is measured. */
const SETTLE_MS = 5_000;

await using stack = new AsyncDisposableStack();
const redis = stack.use(await startRedisServer());
await createShards(redis.url);
const threads = Array.from({ length: burners }, () => new Worker('for (;;);', { eval: true }));
const redisPid = await pidOfRedis(redis.url);
const redisAtStart = usageOf(redisPid).cpuSeconds;
const startedAt = performance.now();
const reports = new Map<string, KeepersReport>();
const pids = Array.from({ length: processes }, (_, index) => startKeepers(`p${index}`, Math.ceil((workers - index) / processes)).pid);

while (!isBalanced()) {
  if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`not balanced after ${PATIENCE_MS} ms: ${heldBy().join(' ')}`);
  await sleep(systemClock, 50);
}
const balancedAfter = (performance.now() - startedAt) / 1_000;
const sum = (of: (report: KeepersReport) => number) => [...reports.values()].reduce((total, report) => total + of(report), 0);
console.log(
  `${shards} shards, ${workers} workers in ${processes} processes, ${burners} busy threads: balanced ${balancedAfter.toFixed(1)} s after their start,` +
    ` ${sum(({ claimed }) => claimed)} claims, ${sum(({ lost }) => lost)} leases lost,` +
    ` Redis ${(usageOf(redisPid).cpuSeconds - redisAtStart).toFixed(2)} s of CPU`,
);
await Promise.all(threads.map((thread) => thread.terminate()));

await sleep(systemClock, SETTLE_MS);
const before = [redisPid, ...pids].map((pid) => usageOf(pid).cpuSeconds);
await sleep(systemClock, seconds * 1_000);
const [redisUsed, ...used] = [redisPid, ...pids].map((pid, index) => usageOf(pid).cpuSeconds - before[index]!) as [number, ...number[]];
const workerMs = (used.reduce((total, cpu) => total + cpu, 0) / workers / seconds) * 1_000;
console.log(
  `at rest: Redis ${((redisUsed / seconds) * 100).toFixed(1)} % of a core, ${workerMs.toFixed(1)} ms of CPU a second and worker,` +
    ` ${sum(({ lost }) => lost)} leases lost since the start`,
);

function startKeepers(name: string, count: number): NodeProcess {
  const script = join(import.meta.dirname, 'keepers.main.ts');
  const keepers = stack.use(new NodeProcess({ name, script, args: [redis.url, name, String(count)] }));
  void (async () => {
    for (let line = await keepers.nextLine(); line !== undefined; line = await keepers.nextLine())
      reports.set(name, JSON.parse(line) as KeepersReport);
  })();
  return keepers;
}

function heldBy(): readonly number[] {
  return [...reports.values()].flatMap(({ held }) => held);
}

function isBalanced(): boolean {
  const held = heldBy();
  const total = held.reduce((all, one) => all + one, 0);
  return held.length === workers && total === shards && Math.max(...held) - Math.min(...held) <= 1;
}

async function createShards(url: string): Promise<void> {
  await using session = await connectRedis({ url }, { logger: silentLogger, clock: systemClock });
  const table = createRedisShardTable(session, { key: TABLE, group: GROUP, start: { kind: 'TRIM_HORIZON' } });
  const all = Array.from({ length: shards }, (_, n) => ({ shardId: `shardId-${String(n).padStart(12, '0')}`, parents: [] }));
  await table.create({ streamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders', streamCreatedAtMs: 1 }, all);
}
