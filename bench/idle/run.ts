/**
 * What shards, lanes and workers cost while nothing happens: CPU of an ingress-worker with few and with many shards, and of an
 * egress-worker with few and with many lanes. The difference is what a shard and a lane cost, the rest is the worker.
 *
 *     node bench/idle/run.ts [--few 4] [--many 104] [--seconds 20]
 */
import { parseArgs } from 'node:util';
import { sleep, systemClock } from '@sluice/core';
import { usageOf } from '@sluice/testkit';
import { counterIn, pidOfRedis, until } from '../pipeline/observe.ts';
import { setStage } from '../pipeline/stage.ts';

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '4' },
    many: { type: 'string', default: '104' },
    seconds: { type: 'string', default: '20' },
  },
});
const [few, many, seconds] = [values.few, values.many, values.seconds].map(Number) as [number, number, number];
/** Until every lease is held, the compiler has done its work, and lanes that were empty all the time are looked into less often. */
const SETTLE_MS = 45_000;

const [small, large] = [await measure(few), await measure(many)];
for (const [name, part] of [['ingress-worker', 'shard'] as const, ['egress-worker', 'lane'] as const]) {
  const each = (large[name] - small[name]) / (many - few);
  console.log(`${name}: ${each.toFixed(2)} ms of CPU a second and ${part}, ${(small[name] - few * each).toFixed(1)} ms for the rest`);
}
console.log(`redis: ${small.redis.toFixed(1)} ms a second with ${few} of each, ${large.redis.toFixed(1)} ms with ${many}`);

/** Milliseconds of CPU a second, by process. */
async function measure(parts: number): Promise<Record<'ingress-worker' | 'egress-worker' | 'redis', number>> {
  await using stage = await setStage(parts);
  const settings = { lanes: parts };
  const egress = await stage.start('egress-worker', settings);
  await until(
    'the egress-worker holds its lanes',
    async () => (await counterIn(egress.metricsUrl, 'sluice_leases_claimed_total')) === parts,
  );
  const ingress = await stage.start('ingress-worker', settings);
  await until(
    'the ingress-worker holds its shards',
    async () => (await counterIn(ingress.metricsUrl, 'sluice_leases_claimed_total')) === parts,
  );
  await sleep(systemClock, SETTLE_MS);
  const pids = [ingress.process.pid, egress.process.pid, await pidOfRedis(stage.redis.url)];
  const before = pids.map((pid) => usageOf(pid).cpuSeconds);
  await sleep(systemClock, seconds * 1_000);
  const used = pids.map((pid, index) => ((usageOf(pid).cpuSeconds - before[index]!) / seconds) * 1_000) as [number, number, number];
  return { 'ingress-worker': used[0], 'egress-worker': used[1], redis: used[2] };
}
