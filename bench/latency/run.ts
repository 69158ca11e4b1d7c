/**
 * How long a record is under way at the tip of a stream: from the moment before PutRecords to that at which the destination stored it, by the
 * clock of this machine. The emulator has its quotas, but no delay of its own between a record being stored and being readable. Beside it
 * the processor time that each process took from the first record fed to the last one written.
 *
 *     node bench/latency/run.ts [--rate 100] [--rate 5000] [--shards 8] [--seconds 20] [--fan-out]
 *
 * With `--fan-out` the source is read by enhanced fan-out.
 */
import { parseArgs } from 'node:util';
import { sleep, systemClock } from '@sluice/core';
import { createKinesisClient, type KinesisClient, MAX_RECORDS_PER_PUT } from '@sluice/kinesis';
import { usageOf } from '@sluice/testkit';
import { readBack } from '@sluice/testkit/delivery';
import { counterIn, pidOfRedis, until } from '../pipeline/observe.ts';
import { setStage } from '../pipeline/stage.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', multiple: true, default: ['100', '5000'] },
    shards: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '20' },
    'fan-out': { type: 'boolean', default: false },
  },
});
const shards = Number(values.shards);
const seconds = Number(values.seconds);
const isFanOut = values['fan-out'];
const PUT_EVERY_MS = 10;
const KEYS = 1_000;
const PADDING = 'x'.repeat(150);

for (const rate of values.rate) {
  const { sorted, micros } = await measure(Number(rate));
  const at = (percent: number) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
  console.log(
    `${isFanOut ? 'fan-out' : 'polling'}, ${rate} records/s over ${shards} shards: p50 ${at(50)} ms, p90 ${at(90)} ms, p99 ${at(99)} ms of ${sorted.length} records`,
  );
  console.log(
    `  µs CPU a record: ${Object.entries(micros)
      .map(([name, each]) => `${name} ${each.toFixed(0)}`)
      .join(', ')}`,
  );
}

interface Measured {
  /** Milliseconds; the first fifth of the time is left out. */
  readonly sorted: readonly number[];
  /** Processor time of each process for each record, microseconds. */
  readonly micros: Readonly<Record<string, number>>;
}

async function measure(perSecond: number): Promise<Measured> {
  await using stage = await setStage(shards, { quotas: true });
  const pids: Record<string, number> = { redis: await pidOfRedis(stage.redis.url), emulator: stage.kinesis.pid };
  let egressUrl = '';
  for (const name of ['egress-worker', 'ingress-worker'] as const) {
    const { metricsUrl, process: worker } = await stage.start(
      name,
      name === 'ingress-worker' && isFanOut ? { fan_out: { consumer: 'bench' } } : {},
    );
    pids[name] = worker.pid;
    if (name === 'egress-worker') egressUrl = metricsUrl;
    const reaches = async (counter: string) => ((await counterIn(metricsUrl, counter)) ?? 0) >= shards;
    await until(`the ${name} holds leases`, () => reaches('sluice_leases_claimed_total'));
    if (name === 'ingress-worker' && isFanOut) await until('it is subscribed', () => reaches('sluice_ingress_subscriptions_total'));
  }
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  using client = createKinesisClient({ region: 'us-east-1', endpoint: stage.endpoint, credentials });
  const before = secondsOf(pids);
  const countFromMs = Date.now() + seconds * 200;
  const count = await feed(client, perSecond);
  const written = () => counterIn(egressUrl, 'sluice_egress_records_total');
  await until('every record is written', async () => ((await written()) ?? 0) >= count);
  const micros = Object.fromEntries(Object.entries(secondsOf(pids)).map(([name, used]) => [name, ((used - before[name]!) / count) * 1e6]));
  let latencies: number[] = [];
  await until('every record has come out', async () => {
    let seen = 0;
    latencies = [];
    for await (const { data, origin } of readBack(client, 'destination')) {
      seen += 1;
      const { sentMs } = JSON.parse(Buffer.from(data).toString()) as { sentMs: number };
      if (sentMs >= countFromMs) latencies.push(origin!.arrivalTimeMs - sentMs);
    }
    return seen >= count;
  });
  return { sorted: latencies.sort((a, b) => a - b), micros };
}

/** Processor time, seconds. */
function secondsOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, usageOf(pid).cpuSeconds]));
}

/** Puts the records of each hundredth of a second in requests that nobody waits for. Answers how many there were. */
async function feed(client: KinesisClient, perSecond: number): Promise<number> {
  const startedAt = performance.now();
  const puts: Promise<unknown>[] = [];
  let count = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    const data = Buffer.from(JSON.stringify({ sentMs: Date.now(), padding: PADDING }));
    const records = Array.from({ length: due - count }, (_, n) => ({ partitionKey: `key-${((count + n) * 7_919) % KEYS}`, data }));
    count = due;
    for (let from = 0; from < records.length; from += MAX_RECORDS_PER_PUT)
      puts.push(client.putRecords({ stream: 'source', records: records.slice(from, from + MAX_RECORDS_PER_PUT) }));
    await sleep(systemClock, PUT_EVERY_MS);
  }
  await Promise.all(puts);
  return count;
}
