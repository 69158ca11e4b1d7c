/**
 * End to end: from a filled stream through ingress-worker, Redis and egress-worker into another stream, all on this machine.
 *
 *     node bench/pipeline/run.ts [--records 200000] [--size 1024] [--size 200] [--shards 4] [--settings '{"lanes": 4}']
 *
 * Feeding is not counted. The clock runs from the first record read to the last one confirmed; CPU is what each process used in that time.
 */
import { parseArgs } from 'node:util';
import { usageOf } from '@sluice/testkit';
import { fill } from './fill.ts';
import { counterIn, pidOfRedis, until } from './observe.ts';
import { setStage } from './stage.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    size: { type: 'string', multiple: true, default: ['200', '1024'] },
    shards: { type: 'string', default: '4' },
    settings: { type: 'string', default: '{}' },
  },
});

const settings = JSON.parse(values.settings) as object;

for (const size of values.size) await measure(Number(size));

async function measure(size: number): Promise<void> {
  const records = Number(values.records);
  await using stage = await setStage(Number(values.shards));
  await fill(stage.endpoint, 'source', records, size);

  const egress = await stage.start('egress-worker', settings);
  await until('the egress-worker is up', async () => (await counterIn(egress.metricsUrl, 'sluice_egress_records_total')) !== undefined);
  const ingress = await stage.start('ingress-worker', settings);
  const pids = {
    'ingress-worker': ingress.process.pid,
    'egress-worker': egress.process.pid,
    redis: await pidOfRedis(stage.redis.url),
    kinesis: stage.kinesis.pid,
  };
  await until('the first record is read', async () => ((await counterIn(ingress.metricsUrl, 'sluice_ingress_records_total')) ?? 0) > 0);
  const before = Object.values(pids).map(usageOf);
  const startedAt = performance.now();
  await until(
    'every record is written',
    async () => ((await counterIn(egress.metricsUrl, 'sluice_egress_records_total')) ?? 0) >= records,
    300_000,
  );
  const seconds = (performance.now() - startedAt) / 1_000;

  console.log(`\n${records} records of ${size} B, ${values.shards} shards: ${seconds.toFixed(2)} s`);
  console.log(`  ${Math.round(records / seconds)} records/s, ${((records * size) / seconds / 1e6).toFixed(1)} MB/s`);
  Object.entries(pids).forEach(([name, pid], index) => {
    const after = usageOf(pid);
    const micros = ((after.cpuSeconds - before[index]!.cpuSeconds) / records) * 1e6;
    console.log(
      `  ${name.padEnd(15)} ${micros.toFixed(1).padStart(6)} µs CPU a record, peak ${(after.peakBytes / 2 ** 20).toFixed(0)} MiB`,
    );
  });
}
