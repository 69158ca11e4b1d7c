/**
 * What the mappings of bench/bloblang cost, beside Benthos:
 *
 *     node bench/peers/mappings.ts --benthos PATH [part of a name] [--messages 200000] [--rounds 3]
 *
 * The two take turns, and each is counted with all threads of its process. Benthos reads the messages from a file, in batches as large as
 * ours, and writes what becomes of them to /dev/null, so that it makes bytes of them; the same without the mapping is taken off.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchCase, furtherCases, mappingCases } from '../bloblang/cases.ts';
import { batchesOf } from '../bloblang/measure.ts';
import { cpuSecondsOf } from './benthos-process.ts';
import { compare } from './compare.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { benthos: { type: 'string' }, messages: { type: 'string', default: '200000' }, rounds: { type: 'string', default: '3' } },
});
const { benthos } = values;
if (benthos === undefined) throw new Error('expected --benthos PATH, the binary to compare with');
const messages = Number(values.messages);

for (const benchCase of [...mappingCases, ...furtherCases].filter(({ name }) => name.includes(positionals[0] ?? ''))) {
  warmUp(benchCase);
  const sides = { ours: async () => ourSeconds(benchCase), theirs: () => benthosSeconds(benchCase) };
  console.log(`${benchCase.name}: ${await compare({ ...sides, rounds: Number(values.rounds) })}`);
}

function warmUp(benchCase: BenchCase): void {
  for (let round = 0; round < 50; round++) runOnce(benchCase);
}

/** Seconds a message, of batches that nobody has seen before. */
function ourSeconds(benchCase: BenchCase): number {
  const start = process.cpuUsage();
  let count = 0;
  while (count < messages) count += runOnce(benchCase);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 / count;
}

function runOnce({ messages: all, batchSize, bloblang }: BenchCase): number {
  for (const batch of batchesOf(all, batchSize)) {
    const fresh = batch.map((message) => ({ ...message }));
    for (let index = 0; index < fresh.length; index++) bloblang(fresh, index);
  }
  return all.length;
}

async function benthosSeconds(benchCase: BenchCase): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    const path = join(directory, 'lines');
    const lines = benchCase.messages.map(({ content }) => `${Buffer.from(content).toString()}\n`).join('');
    const repeats = Math.ceil(messages / benchCase.messages.length);
    await writeFile(path, lines.repeat(repeats));
    const input = { batched: { child: { file: { paths: [path], scanner: { lines: {} } } }, policy: { count: benchCase.batchSize } } };
    const run = { benthos: benthos!, directory, input, output: { file: { path: '/dev/null', codec: 'lines' } } };
    const withMapping = await cpuSecondsOf({ ...run, processors: [processorOf(benchCase)] });
    return (withMapping - (await cpuSecondsOf(run))) / (repeats * benchCase.messages.length);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** What evaluates the case: its kind tells where the original has such an expression. */
function processorOf({ kind, source }: BenchCase): object {
  if (kind === 'interpolation') return { group_by_value: { value: source } };
  if (kind === 'check') return { switch: [{ check: source, processors: [{ noop: {} }] }] };
  return { mapping: source };
}
