/**
 * Does a second egress-worker double the throughput? Each has one request in flight, which takes 50 ms, so that workers wait and two cores
 * suffice.
 *
 *     node bench/scaling/run.ts [--workers 1 --workers 2 --workers 4] [--seconds 10] [--latency-ms 50] [--rounds 3]
 *
 * Sixteen lanes are filled alike once all workers have their share of them. The rate is taken from a tenth to nine tenths of the records
 * written; a round runs each number of workers once, so that other work on the machine falls on all of them.
 */
import { parseArgs } from 'node:util';
import { silentLogger, systemClock } from '@sluice/core';
import { surveyLanes } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { usageOf } from '@sluice/testkit';
import { counterIn, until } from '../pipeline/observe.ts';
import { type RunningWorker, setStage } from '../pipeline/stage.ts';
import { fillEvenly } from './fill-evenly.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', multiple: true, default: ['1', '2', '4'] },
    seconds: { type: 'string', default: '10' },
    'latency-ms': { type: 'string', default: '50' },
    rounds: { type: 'string', default: '3' },
  },
});
const LANES = 16;
const TARGET = { keyPrefix: 'sluice', target: 'output/out' };
const latencyMs = Number(values['latency-ms']);
/** What a worker with one request in flight could write at most, records a second. */
const PER_WORKER = (500 * 1_000) / latencyMs;
const WARM_UP_SECONDS = 3;
const PATIENCE_MS = 120_000;

const rates = new Map<number, number[]>(values.workers.map((workers) => [Number(workers), []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [workers, ofThem] of rates) ofThem.push(await measure(workers));
}
const [least = 1] = rates.keys();
for (const [workers, ofThem] of rates) {
  const share = median(ofThem) / workers / (median(rates.get(least)!) / least);
  console.log(`${workers} egress-workers: median ${Math.round(median(ofThem))} records/s, ${share.toFixed(3)} of linear`);
}

async function measure(count: number): Promise<number> {
  await using stage = await setStage(16, { faults: { PutRecords: { latencyMs: [latencyMs, latencyMs] } }, output: { max_in_flight: 1 } });
  await using session = await connectRedis({ url: stage.redis.url }, { logger: silentLogger, clock: systemClock });
  const workers = await Promise.all(Array.from({ length: count }, () => stage.start('egress-worker', { lanes: LANES })));
  await until('every worker has its share of the lanes', () => isShared(session, count), PATIENCE_MS);
  const warmUp = PER_WORKER * WARM_UP_SECONDS * count;
  await fillEvenly(session, { ...TARGET, lanes: LANES }, warmUp);
  await whenWritten(workers, warmUp);
  const records = PER_WORKER * Number(values.seconds) * count;
  const cpuBefore = workers.map(({ process }) => usageOf(process.pid).cpuSeconds);
  await fillEvenly(session, { ...TARGET, lanes: LANES }, records);
  const from = await whenWritten(workers, warmUp + records * 0.1);
  const to = await whenWritten(workers, warmUp + records * 0.9);
  const rate = ((to.written - from.written) / (to.atMs - from.atMs)) * 1_000;
  const cpu = workers.reduce((sum, { process }, index) => sum + usageOf(process.pid).cpuSeconds - cpuBefore[index]!, 0);
  console.log(
    `  ${count} egress-workers: ${Math.round(rate)} records/s, ${((cpu / (to.written - warmUp)) * 1e6).toFixed(1)} µs CPU a record`,
  );
  return rate;
}

async function isShared(session: RedisSession, workers: number): Promise<boolean> {
  const lanes = await surveyLanes(session, { ...TARGET, lanes: LANES });
  const owners = Object.values(Object.groupBy(lanes, ({ owner }) => owner ?? 'nobody'));
  return owners.length === workers && owners.every((owned) => owned!.length === LANES / workers);
}

async function whenWritten(
  workers: readonly RunningWorker[],
  records: number,
): Promise<{ readonly written: number; readonly atMs: number }> {
  let written = 0;
  const isWritten = async () => {
    const counts = await Promise.all(workers.map(({ metricsUrl }) => counterIn(metricsUrl, 'sluice_egress_records_total')));
    written = counts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    return written >= records;
  };
  await until(`${records} records are written`, isWritten, PATIENCE_MS);
  return { written, atMs: performance.now() };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
