/**
 * What Redis needs for what waits in it: memory of lanes, of rows of shards, dead letters, parked addresses and delayed messages, and how
 * much memory and time a rewrite of its append-only file takes on top.
 *
 *     node bench/redis/run.ts [--mebibytes 256]
 *
 * CPU of Redis a record is measured by the pipeline: node bench/pipeline/run.ts
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { silentLogger, sleep, systemClock } from '@sluice/core';
import { mailboxOperations } from '@sluice/functions';
import { createRedisShardTable } from '@sluice/lease';
import { applyEffects, type Operation, openLaneSender } from '@sluice/queue';
import { connectRedis, type RedisSession, readerGroupKey, shardTableKey } from '@sluice/redis';
import { startRedisServer, usageOf } from '@sluice/testkit';

const { values } = parseArgs({ options: { mebibytes: { type: 'string', default: '256' } } });
const MIB = 1024 ** 2;
const WAITING_BYTES = Number(values.mebibytes) * MIB;
const SIZES = [200, 1024, 10 * 1024];
const RECORDS_OF_A_JOB = 500;
const BYTES_OF_A_JOB = MIB;
const MANY = 1_000;
const ADDRESS = { keyPrefix: 'sluice', target: 'ex/f', lane: 0 };
const reason = { code: 'RECORD_TOO_LARGE', disposition: 'reject', message: 'expected at most 1 MiB, got 2 MiB', details: {} } as const;

// It rewrites its file only when it is told to.
await using redis = await startRedisServer({ extraArguments: ['--auto-aof-rewrite-percentage', '0'] });
await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });

for (const size of SIZES) {
  const used = await measure(() => fillLanes(session, `lanes-${size}`, size));
  console.log(`records of ${size} B: ${(used / WAITING_BYTES).toFixed(3)} GiB of memory for a GiB of data`);
}
await tellRewrite();
await tell('1,000 rows of shards', MANY, () => addShards(session));
for (const size of SIZES) {
  const letter = (n: number): Operation => ({ type: 'deadLetter', id: `letter-${size}-${n}`, record: recordOf(n, size), reason });
  await tell(`dead letter of ${size} B`, 1, () => apply((n) => [letter(n)]));
}
await tell('parked address with one message of 200 B', 1, () => apply(parkOne));
await tell('delayed message of 200 B', 1, () =>
  apply((n) => [
    { type: 'delay', target: 'ex/later', lanes: 8, record: recordOf(n, 200), delayMs: 3_600_000, sender: 'ex/f/1', token: `token-${n}` },
  ]),
);

async function measure(fill: () => Promise<void>): Promise<number> {
  const before = await usedMemory();
  await fill();
  return (await usedMemory()) - before;
}

async function tell(what: string, times: number, fill: () => Promise<void>): Promise<void> {
  const bytes = await measure(fill);
  console.log(`${what}: ${Math.round((bytes / MANY) * times).toLocaleString('en')} B`);
}

/** Memory of the process while a child writes the file anew: pages that nobody changes are shared. */
async function tellRewrite(): Promise<void> {
  const pid = Number(/process_id:(\d+)/.exec(await session.client.info('server'))![1]);
  const startedAt = performance.now();
  await session.client.bgrewriteaof();
  let peak = 0;
  const isRewriting = async () => /aof_rewrite_(in_progress|scheduled):1/.test(await session.client.info('persistence'));
  const writing = fillLanes(session, 'lanes-rewrite', 1024, WAITING_BYTES / 4);
  while (await isRewriting()) {
    const [, copied = '0'] = /current_cow_size:(\d+)/.exec(await session.client.info('persistence')) ?? [];
    peak = Math.max(peak, Number(copied));
    await sleep(systemClock, 20);
  }
  await writing;
  const used = await usedMemory();
  const seconds = (performance.now() - startedAt) / 1_000;
  const [, fork = '0'] = /latest_fork_usec:(\d+)/.exec(await session.client.info('stats')) ?? [];
  console.log(
    `rewrite of ${(used / MIB).toFixed(0)} MiB: ${seconds.toFixed(1)} s, fork ${(Number(fork) / 1_000).toFixed(1)} ms, ` +
      `${(WAITING_BYTES / 4 / MIB).toFixed(0)} MiB written meanwhile, copied pages ${(peak / MIB).toFixed(1)} MiB, resident ${(usageOf(pid).peakBytes / MIB).toFixed(0)} MiB`,
  );
}

async function usedMemory(): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await session.client.info('memory'))![1]);
}

async function fillLanes(to: RedisSession, target: string, size: number, bytes = WAITING_BYTES): Promise<void> {
  const lanes = 16;
  const sender = await openLaneSender({ session: to, keyPrefix: 'sluice', target, lanes, clock: systemClock });
  const perJob = Math.min(RECORDS_OF_A_JOB, Math.floor(BYTES_OF_A_JOB / size));
  for (let sent = 0, job = 0; sent < bytes; sent += perJob * size, job++) {
    const records = Array.from({ length: perJob }, (_, n) => recordOf(job * perJob + n, size));
    await sender.enqueue([{ lane: job % lanes, records }], to.epoch);
  }
}

async function addShards(to: RedisSession): Promise<void> {
  const table = createRedisShardTable(to, {
    key: shardTableKey('sluice', 'ns/in/orders'),
    group: readerGroupKey('sluice', 'ns/in'),
    start: { kind: 'TRIM_HORIZON' },
  });
  const shards = Array.from({ length: MANY }, (_, n) => ({ shardId: `shardId-${String(n).padStart(12, '0')}`, parents: [] }));
  await table.create({ streamArn: 'arn:aws:kinesis:eu-west-1:123456789012:stream/orders', streamCreatedAtMs: 1 }, shards);
}

function parkOne(n: number): readonly Operation[] {
  const parking = { reason, since: Date.now(), attempts: 3, retryAt: Date.now() };
  const row = { records: 1, bytes: 300, parking };
  return mailboxOperations(ADDRESS, { id: `id-${n}`, append: [recordOf(n, 200)], pop: { records: 0, bytes: 0 }, row });
}

async function apply(of: (n: number) => readonly Operation[]): Promise<void> {
  for (let n = 0; n < MANY; n++) await applyEffects(session, ADDRESS, { guards: [], operations: of(n) }, systemClock);
}

function recordOf(n: number, size: number) {
  return { partitionKey: `key-${n % 1_000}`, data: randomBytes(size), metadata: {} };
}
