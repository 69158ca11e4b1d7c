/**
 * How fast batches pass through the lanes of one Redis: `node packages/queue/src/lanes.bench.ts [jobs]`.
 * Batches of 500 records; enqueue and take + ack are measured one after the other, each with a few calls in flight, and the codec alone.
 */
import { availableParallelism } from 'node:os';
import { type SluiceRecord, systemClock } from '@sluice/core';
import { startRedisServer } from '@sluice/testkit';
import { decodeFrame } from './frame/decode-frame.ts';
import { encodeFrame } from './frame/encode-frame.ts';
import type { LaneReceiver } from './receiver/lane-receiver.ts';
import { type LaneBatch, openLaneSender } from './sender/lane-sender.ts';
import { connectTo, recordAt, takeLane } from './testing/fixtures.ts';
import { delivered } from './testing/settlements.ts';

const LANES = 4;
const RECORDS = 500;
const jobs = Number(process.argv[2] ?? 400);

await using redis = await startRedisServer();
await using producer = await connectTo(redis.url);
await using consumer = await connectTo(redis.url);
say(`${availableParallelism()} cores, node ${process.version}, redis with append-only file, ${LANES} lanes, batches of ${RECORDS} records`);
for (const recordBytes of [200, 1_024]) {
  codec(recordBytes);
  await throughput(recordBytes);
}

function codec(recordBytes: number): void {
  const records = [...batch(0, 0, recordBytes).records];
  const frame = encodeFrame(records);
  const rounds = 400;
  measure(`${recordBytes} B encode`, rounds, frame.byteLength * rounds, () => {
    for (let round = 0; round < rounds; round++) encodeFrame(records);
  });
  measure(`${recordBytes} B decode`, rounds, frame.byteLength * rounds, () => {
    for (let round = 0; round < rounds; round++) decodeFrame(frame);
  });
}

async function throughput(recordBytes: number): Promise<void> {
  const target = `bench-${recordBytes}`;
  const sender = await openLaneSender({ session: producer, target, lanes: LANES, clock: systemClock });
  const bytes = jobs * RECORDS * recordBytes;
  await measureAsync(`${recordBytes} B enqueue`, jobs, bytes, async () => {
    for (let round = 0; round < jobs / LANES; round++) {
      await sender.enqueue(
        Array.from({ length: LANES }, (_, lane) => batch(lane, round, recordBytes)),
        producer.epoch,
      );
    }
  });
  const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => takeLane(consumer, { target, lane })));
  await measureAsync(`${recordBytes} B take + ack`, jobs, bytes, () => Promise.all(lanes.map((lane) => drain(lane))));
}

async function drain(lane: LaneReceiver): Promise<void> {
  for (let { jobs: taken } = await lane.take(4); taken.length > 0; { jobs: taken } = await lane.take(4)) void lane.settle(delivered(taken));
}

function batch(lane: number, round: number, recordBytes: number): LaneBatch {
  const shardId = `shardId-00000000000${lane}`;
  const data = Buffer.alloc(recordBytes, 'x');
  const records = Array.from(
    { length: RECORDS },
    (_, index): SluiceRecord => ({ ...recordAt(round * RECORDS + index + 1, shardId), data }),
  );
  const [first, last] = [records[0]!.origin!, records.at(-1)!.origin!];
  return { lane, records, source: { stream: 'bench', shardId, token: { number: 1, owner: 'bench' }, first, last } };
}

function measure(what: string, count: number, bytes: number, work: () => void): void {
  const start = performance.now();
  const cpu = process.cpuUsage();
  work();
  report(what, count, bytes, performance.now() - start, process.cpuUsage(cpu));
}

async function measureAsync(what: string, count: number, bytes: number, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  report(what, count, bytes, performance.now() - start, process.cpuUsage(cpu));
}

function report(what: string, count: number, bytes: number, ms: number, { user, system }: NodeJS.CpuUsage): void {
  const perSecond = Math.round((count / ms) * 1_000);
  const megabytes = Math.round(bytes / ms / 1_000);
  const micros = ((user + system) / (count * RECORDS)).toFixed(2);
  say(`${what.padEnd(20)} ${perSecond} jobs/s  ${megabytes} MB/s  ${micros} µs CPU a record`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
