/**
 * What processors cost, beside a mapping: messages a second of one core, by the processor time of the process.
 *
 *     node bench/processors/run.ts [part of a name] [--rounds 9] [--round-ms 150]
 */
import { parseArgs } from 'node:util';
import { batchesOf, median } from '../bloblang/measure.ts';
import { orders } from '../bloblang/messages.ts';
import { BASELINE, compileCase, fresh, processorCases } from './cases.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '9' }, 'round-ms': { type: 'string', default: '150' } },
});
const rounds = Number(values.rounds);
const roundMs = Number(values['round-ms']);
const wanted = positionals[0] ?? '';
const batches = batchesOf(orders(200), 50);
const baseline = compileCase(BASELINE);

print(['processor', 'msg/s', 'µs a message', 'beside the mapping', 'lowest–highest']);
print(['---', '---:', '---:', '---:', '---:']);
for (const one of processorCases.filter(({ name }) => name.includes(wanted))) {
  const chain = compileCase(one);
  await ratePerSecond(baseline, roundMs);
  await ratePerSecond(chain, roundMs * 2);
  const rates: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = await ratePerSecond(baseline, roundMs / 2);
    const rate = await ratePerSecond(chain, roundMs);
    const after = await ratePerSecond(baseline, roundMs / 2);
    rates.push(rate);
    ratios.push((before + after) / 2 / rate);
  }
  const rate = median(rates);
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
  print([one.name, Math.round(rate).toLocaleString('en'), (1e6 / rate).toFixed(1), median(ratios).toFixed(2), range]);
}

async function ratePerSecond(chain: ReturnType<typeof compileCase>, forMs: number): Promise<number> {
  let count = 0;
  const start = cpuMs();
  let elapsed = 0;
  while (elapsed < forMs) {
    for (const batch of batches) {
      await chain.batches(fresh(batch));
      count += batch.length;
    }
    elapsed = cpuMs() - start;
  }
  return (count / elapsed) * 1000;
}

/** Of all threads: what is compressed elsewhere, and the garbage collector, count too. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function print(cells: readonly string[]): void {
  console.log(`| ${cells.join(' | ')} |`);
}
