/**
 * What order per key costs where the output stream is full: egress-workers empty lanes into a stream with the service's quotas, as fast as its
 * shards take records in. One key has a tenth of all records.
 *
 *     node bench/ordering/run.ts [--workers 4] [--shards 4] [--seconds 30] [--ordering key --ordering none] [--foreign 0]
 *         [--quotas always] [--aggregation off --aggregation on --aggregation shard] [--keys 500] [--bytes 180] [--wait 0] [--throttling 0]
 *
 * `--quotas auto` has workers learn of the quotas when a shard throttles, as at other endpoints than AWS. `--foreign` is what another producer
 * writes to each shard meanwhile, records a second. `--wait` is `aggregate.max_wait`, in ms. `--throttling` is the part of records that throttle at random, whatever the shard has room for. A record is out of order if a later one of its key comes before it in the output, unless it is a repetition.
 */
import { parseArgs } from 'node:util';
import { type SluiceRecord, silentLogger, sleep, systemClock } from '@sluice/core';
import { createKinesisClient, type KinesisClient } from '@sluice/kinesis';
import { openLaneSender, surveyLanes } from '@sluice/queue';
import { connectRedis, type RedisSession } from '@sluice/redis';
import { usageOf } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { counterIn, until } from '../pipeline/observe.ts';
import { type RunningWorker, setStage } from '../pipeline/stage.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '4' },
    shards: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '30' },
    ordering: { type: 'string', multiple: true, default: ['key', 'none'] },
    foreign: { type: 'string', default: '0' },
    quotas: { type: 'string', default: 'always' },
    aggregation: { type: 'string', multiple: true, default: ['off'] },
    keys: { type: 'string', default: '500' },
    bytes: { type: 'string', default: '180' },
    wait: { type: 'string', default: '0' },
    throttling: { type: 'string', default: '0' },
  },
});
const [workers, shards, seconds, foreign] = [values.workers, values.shards, values.seconds, values.foreign].map(Number) as [
  number,
  number,
  number,
  number,
];
const LANES = 16;
const TARGET = { keyPrefix: 'sluice', target: 'output/out', lanes: LANES };
const KEYS = Number(values.keys);
const PER_JOB = 250;
const PADDING = 'x'.repeat(Number(values.bytes));
/** What the service counts a record in. */
const UNIT_BYTES = 25 * 1024;
const PATIENCE_MS = 600_000;
/** What a record may be written twice for, and what leads to that. */
const CAUSES = {
  'in requests without an answer': 'sluice_egress_ambiguous_records_total',
  'of lanes that were lost': 'sluice_egress_unacknowledged_records_total',
  misplaced: 'sluice_egress_misplaced_records_total',
  'requests failed': 'sluice_egress_failures_total',
  'lanes taken over': 'sluice_lane_takeovers_total',
  'leases lost': 'sluice_leases_lost_total',
  'lanes given up': 'sluice_egress_yields_total',
} as const;

for (const ordering of values.ordering) for (const aggregation of values.aggregation) await measure(ordering, aggregation);

async function measure(ordering: string, aggregation: string): Promise<void> {
  await using stage = await setStage(shards, { quotas: true, ...throttlingAtRandom(Number(values.throttling)) });
  await using session = await connectRedis({ url: stage.redis.url }, { logger: silentLogger, clock: systemClock });
  const records = shards * (1_000 - foreign) * seconds;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  using client = createKinesisClient({ region: 'us-east-1', endpoint: stage.endpoint, credentials });
  const settings = { lanes: LANES, ordering, quotas: values.quotas, aggregation, ...waiting(aggregation) };
  const running = await Promise.all(Array.from({ length: workers }, () => stage.start('egress-worker', settings)));
  const sumOf = async (name: string) => {
    const counts = await Promise.all(running.map(({ metricsUrl }) => counterIn(metricsUrl, name)));
    return counts.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  };
  await until('every worker has lanes', async () => {
    const owners = (await surveyLanes(session, TARGET)).map(({ owner }) => owner);
    return owners.every((owner) => owner !== undefined) && new Set(owners).size === workers;
  });
  const done = new AbortController();
  const disturbed = foreign > 0 ? disturb(client, done.signal) : undefined;
  const startCpuSeconds = cpuOf(running);
  await fillSkewed(session, records);
  const written = () => sumOf('sluice_egress_records_total');
  const from = await whenWritten(written, records * 0.1);
  const to = await whenWritten(written, records * 0.9);
  await whenWritten(written, records);
  const cpuSeconds = cpuOf(running) - startCpuSeconds;
  done.abort();
  await disturbed;
  const rate = ((to.written - from.written) / (to.atMs - from.atMs)) * 1_000;
  const throttled = (await sumOf('sluice_egress_throttled_records_total')) / records;
  const noted = await sumOf('sluice_egress_reordered_records_total');
  const why = await Promise.all(Object.entries(CAUSES).map(async ([cause, metric]) => `${await sumOf(metric)} ${cause}`));
  const { outOfOrder, repeated, entries, units } = await readAll(client);
  console.log(
    `${ordering}, aggregation ${aggregation}: ${Math.round(rate)} records/s, ${(throttled * 100).toFixed(2)} % throttled, ${outOfOrder} of ${records} out of order (${noted} noted), ${repeated} repeated (${why.join(', ')}); ${entries} records of Kinesis, ${units} units of 25 KiB; ${((cpuSeconds / records) * 1e6).toFixed(1)} µs CPU a record`,
  );
}

async function fillSkewed(session: RedisSession, records: number): Promise<void> {
  const sender = await openLaneSender({ session, ...TARGET, clock: systemClock });
  const pending = Array.from({ length: LANES }, (): SluiceRecord[] => []);
  for (let number = 0; number < records; number++) {
    const partitionKey = number % 10 === 0 ? 'hot' : `key-${(number * 7) % KEYS}`;
    const data = Buffer.from(JSON.stringify({ partitionKey, number, PADDING }));
    const batch = pending[sender.laneOf(partitionKey)]!;
    batch.push({ partitionKey, data, metadata: { kinesis_partition_key: partitionKey } });
    if (batch.length < PER_JOB) continue;
    await sender.enqueue([{ lane: pending.indexOf(batch), records: batch }], session.epoch);
    batch.length = 0;
  }
  const rest = pending.map((batch, lane) => ({ lane, records: batch })).filter(({ records: { length } }) => length > 0);
  await sender.enqueue(rest, session.epoch);
}

/** Another producer: a tenth of a second's records at a time, over all shards alike. */
async function disturb(client: KinesisClient, until: AbortSignal): Promise<void> {
  for (let round = 0; !until.aborted; round++) {
    const records = Array.from({ length: (shards * foreign) / 10 }, (_, index) => ({
      partitionKey: `foreign-${round}-${index}`,
      data: Buffer.from('foreign'),
    }));
    await client.putRecords({ stream: 'destination', records }).catch(() => undefined);
    await sleep(systemClock, 100, until).catch(() => undefined);
  }
}

async function whenWritten(count: () => Promise<number>, records: number): Promise<{ readonly written: number; readonly atMs: number }> {
  let written = 0;
  const isWritten = async () => {
    written = await count();
    return written >= records;
  };
  await until(`${records} records are written`, isWritten, PATIENCE_MS);
  return { written, atMs: performance.now() };
}

/** By sequence number, which the records of an aggregate share, what the service stored. */
async function readAll(client: KinesisClient) {
  const newest = new Map<string, number>();
  const sizes = new Map<string, number>();
  const seen = new Set<number>();
  let outOfOrder = 0;
  let repeated = 0;
  for await (const { data, origin } of readBack(client, 'destination')) {
    if (data[0] !== '{'.charCodeAt(0)) continue;
    const { partitionKey, number } = JSON.parse(Buffer.from(data).toString()) as { partitionKey: string; number: number };
    if (seen.has(number)) repeated++;
    else if (number < (newest.get(partitionKey) ?? -1)) outOfOrder++;
    seen.add(number);
    newest.set(partitionKey, Math.max(number, newest.get(partitionKey) ?? -1));
    const stored = `${origin!.shardId} ${origin!.sequenceNumber}`;
    sizes.set(stored, (sizes.get(stored) ?? 0) + data.byteLength);
  }
  const units = sizes.values().reduce((sum, byteSize) => sum + Math.ceil(byteSize / UNIT_BYTES), 0);
  return { outOfOrder, repeated, entries: sizes.size, units };
}

function throttlingAtRandom(rate: number): { readonly faults?: object } {
  return rate > 0 ? { faults: { PutRecords: { recordErrorRate: rate, recordErrors: ['ProvisionedThroughputExceededException'] } } } : {};
}

function cpuOf(workers: readonly RunningWorker[]): number {
  return workers.reduce((sum, { process }) => sum + usageOf(process.pid).cpuSeconds, 0);
}

function waiting(aggregation: string): object {
  return aggregation !== 'off' && values.wait !== '0' ? { aggregate: { max_wait: `${values.wait}ms` } } : {};
}
