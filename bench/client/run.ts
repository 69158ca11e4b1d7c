/**
 * How fast a program puts records on an egress: records a second that are durable in Redis, with an append-only file.
 *
 *     node bench/client/run.ts [--records 200000] [--bytes 1024] [--lanes 16]
 */
import { parseArgs } from 'node:util';
import { type ClientRecord, openClient } from '@sluice/client';
import { startRedisServer } from '@sluice/testkit';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    bytes: { type: 'string', default: '1024' },
    lanes: { type: 'string', default: '16' },
  },
});
const [records, bytes, lanes] = [values.records, values.bytes, values.lanes].map(Number) as [number, number, number];
const data = Buffer.alloc(bytes, 'x');
const recordOf = (number: number): ClientRecord => ({ key: `key-${number % 10_000}`, data });
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
const WATER_MARKS = { highRecords: 1e9, lowRecords: 1e9, highBytes: 1e12, lowBytes: 1e12 };

await measure('sendAll of an iterable', records, (egress) => egress.sendAll(numbers(records).map(recordOf)));
await measure('calls of 500 records, four at a time', records, (egress) =>
  inParallel(4, records / 500, (call) => egress.send(numbers(500).map((n) => recordOf(call * 500 + n)))),
);
await measure('calls of one record, 1,000 at a time', records, (egress) => inParallel(1_000, records, (n) => egress.send(recordOf(n))));
const one = Math.min(records, 2_000);
await measure('calls of one record, one after the other, lingerMs 0', one, (egress) => inParallel(1, one, (n) => egress.send(recordOf(n))));

async function measure(
  name: string,
  count: number,
  send: (egress: ReturnType<Awaited<ReturnType<typeof openClient>>['egress']>) => Promise<unknown>,
) {
  await using redis = await startRedisServer();
  await using client = await openClient({ redis: redis.url });
  const egress = client.egress('bench', { lanes, lingerMs: 0, waterMarks: WATER_MARKS });
  await egress.send({ data });
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  await send(egress);
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuMicros = (user + system) / count;
  console.log(
    `${name}: ${Math.round(count / seconds)} records/s, ${cpuMicros.toFixed(1)} µs CPU of the client a record (${count} x ${bytes} B, ${lanes} lanes)`,
  );
}

async function inParallel(width: number, count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
