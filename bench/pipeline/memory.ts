/**
 * Memory and start: an ingress-worker alone reads full shards until the lanes are at their high-water mark and it pauses with its pages
 * kept; then an egress-worker alone writes what waits.
 *
 *     node bench/pipeline/memory.ts [--size 1024] [--shards 4] [--mib 1024]
 *
 * `--mib` is what shall wait in Redis. The peak is the largest resident memory of the process; a worker's start is from its spawn to its
 * first record. Memory is told as it is once the operations port is open, at its largest, and when all is done: what is resident, and what
 * of that is the process's own.
 */
import { parseArgs } from 'node:util';
import { usageOf } from '@sluice/testkit';
import { fill } from './fill.ts';
import { counterIn, memoryOf, until } from './observe.ts';
import { type RunningWorker, type Stage, setStage } from './stage.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '1024' },
    shards: { type: 'string', default: '4' },
    mib: { type: 'string', default: '1024' },
    settings: { type: 'string', default: '{}' },
  },
});

const PATIENCE_MS = 180_000;
const size = Number(values.size);
const settings = {
  backpressure: { high_water_bytes: `${values.mib}MiB`, low_water_bytes: '1', high_water_records: 100_000_000, low_water_records: 1 },
  ...(JSON.parse(values.settings) as object),
};

await using stage = await setStage(Number(values.shards));
const records = Math.ceil((Number(values.mib) * 1024 ** 2 * 1.1) / size);
await fill(stage.endpoint, 'source', records, size);

const waiting = await measure(stage, 'ingress-worker', 'sluice_ingress_enqueued_records_total', 'it pauses', async ({ metricsUrl }) => {
  return ((await counterIn(metricsUrl, 'sluice_ingress_pauses_total')) ?? 0) > 0;
});
await measure(stage, 'egress-worker', 'sluice_egress_records_total', 'all is written', async ({ metricsUrl }) => {
  return ((await counterIn(metricsUrl, 'sluice_egress_records_total')) ?? 0) >= waiting;
});

/** Runs a worker until its work is done; answers how many records it has handed on. */
async function measure(
  { start }: Stage,
  name: 'ingress-worker' | 'egress-worker',
  counter: string,
  what: string,
  isDone: (worker: RunningWorker) => Promise<boolean>,
): Promise<number> {
  const startedAt = performance.now();
  const worker = await start(name, settings);
  const { pid } = worker.process;
  await until('it answers', async () => (await counterIn(worker.metricsUrl, counter)) !== undefined);
  const idle = memoryOf(pid);
  let largest = idle;
  const handedOn = async () => (await counterIn(worker.metricsUrl, counter)) ?? 0;
  await until('the first record', async () => (await handedOn()) > 0);
  const firstAt = performance.now();
  const look = () => {
    const now = memoryOf(pid);
    if (now.own > largest.own) largest = now;
    return isDone(worker);
  };
  await until(what, look, PATIENCE_MS);
  const seconds = (performance.now() - firstAt) / 1_000;
  const count = await handedOn();
  const { peakBytes, cpuSeconds } = usageOf(pid);
  const end = memoryOf(pid);
  await worker.process.stop();

  console.log(
    `${name}: ${count} records of ${size} B, ${values.shards} shards, in ${seconds.toFixed(1)} s after a start of ${((firstAt - startedAt) / 1_000).toFixed(2)} s`,
  );
  console.log(`  peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB, ${((cpuSeconds / count) * 1e6).toFixed(1)} µs CPU a record`);
  for (const [when, { resident, own }] of Object.entries({ idle, largest, end }))
    console.log(`  ${when.padEnd(7)} ${resident.toFixed(0).padStart(4)} MiB resident, ${own.toFixed(0).padStart(4)} its own`);
  return count;
}
