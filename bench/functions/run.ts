/**
 * Remote functions: what the worker costs beside a bare loop, how long a message takes, and what state takes in memory.
 *
 *     node bench/functions/run.ts [--only cpu,latency,slow,memory] [--rounds 5] [--messages 20000]
 */
import { parseArgs } from 'node:util';
import { measureCpu } from './cpu.ts';
import { measureLatency, percentile } from './latency.ts';
import { measureMemory } from './memory.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'cpu,latency,slow,memory' },
    rounds: { type: 'string', default: '5' },
    messages: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '20' },
  },
});
const wanted = new Set(values.only.split(','));
const [rounds, messages, seconds] = [values.rounds, values.messages, values.seconds].map(Number) as [number, number, number];

if (wanted.has('cpu')) {
  await measureCpu({ title: 'one message a request, 1 KiB of state', addresses: messages, messages, delayMs: 0 }, rounds);
  await measureCpu({ title: 'messages that wait for an answer of 5 ms', addresses: 200, messages, delayMs: 5 }, rounds);
}
if (wanted.has('latency')) {
  for (const perSecond of [100, 2_000]) {
    const sorted = (await measureLatency({ types: ['pass'], addresses: 1_000, perSecond, seconds })).get('pass')!;
    console.log(`\nPutRecords to egress stream at ${perSecond}/s: ${percentiles(sorted)}`);
  }
}
if (wanted.has('slow')) {
  const types = Array.from({ length: 10 }, (_, index) => `pass${index}`);
  for (const slowMs of [0, 2_000]) {
    const delays = slowMs > 0 ? { pass0: slowMs } : {};
    const byType = await measureLatency({ types, addresses: 10_000, perSecond: 500, seconds, delays });
    const others = types.slice(1).flatMap((type) => byType.get(type)!);
    console.log(`\nten types, 500/s, pass0 takes ${slowMs} ms: pass0 ${percentiles(byType.get('pass0')!)}`);
    console.log(`  the nine others: ${percentiles(others.toSorted((a, b) => a - b))}`);
  }
}
if (wanted.has('memory')) await measureMemory(100_000);

function percentiles(sorted: readonly number[]): string {
  return `p50 ${percentile(sorted, 50)} ms, p99 ${percentile(sorted, 99)} ms of ${sorted.length}`;
}
