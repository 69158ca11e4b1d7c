/**
 * How much the emulator takes and gives, so that it can be told whether it limits another benchmark.
 *
 *     node bench/kinesis-emulator/run.ts [--seconds 3] [--shards 4] [--connections 8] [--encoding json|cbor] [--emulator <main.ts>]
 *
 * The emulator runs in its own process with quotas off. PutRecords sends requests of 500 records made beforehand;
 * GetRecords then reads everything back, 10,000 records a call. CPU is that of the emulator's process alone. Another
 * checkout's emulator can be measured by its `main.ts`, turn by turn with this one.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawnChild } from '@sluice/testkit';
import { apiRequest, RawConnection } from './raw-connection.ts';
import { cborWire, countRecords, jsonWire } from './wire.ts';

const RECORDS_PER_PUT = 500;
const RECORD_SIZES = [200, 1024, 25_600];
const DISTINCT_BODIES = 16;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    shards: { type: 'string', default: '4' },
    connections: { type: 'string', default: '8' },
    encoding: { type: 'string', default: 'json' },
    emulator: { type: 'string', default: fileURLToPath(new URL('../../packages/kinesis-emulator/src/main.ts', import.meta.url)) },
  },
});
const seconds = Number(values.seconds);
const shardCount = Number(values.shards);
const connectionCount = Number(values.connections);
const wire = values.encoding === 'cbor' ? cborWire : jsonWire;

const request = (operation: string, fields: object): Buffer => apiRequest(operation, wire.contentType, wire.encode(fields));

interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

interface Emulator extends AsyncDisposable {
  readonly port: number;
  usage(): Promise<Usage>;
}

async function startEmulator(): Promise<Emulator> {
  const args = [values.emulator, '--port', '0', '--no-quotas', '--stream', `bench:${shardCount}`, '--memory-cap-mib', '1536'];
  const child = spawnChild(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await portOf(child);
  return {
    port,
    async usage() {
      const status = (await (await fetch(`http://127.0.0.1:${port}/__sluice/status`)).json()) as { process: Usage };
      return status.process;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return Number(/:(\d+)\s*$/.exec(line.toString())![1]);
}

function putBodies(recordBytes: number): Buffer[] {
  const data = Buffer.alloc(recordBytes, 'sluice ');
  const perPut = Math.min(RECORDS_PER_PUT, Math.floor((10 * 1024 * 1024) / (recordBytes + 16)));
  return Array.from({ length: DISTINCT_BODIES }, (_, body) => {
    const records = Array.from({ length: perPut }, (_, index) => ({ Data: data, PartitionKey: `key-${body}-${index}` }));
    return request('PutRecords', { StreamName: 'bench', Records: records });
  });
}

interface Phase {
  readonly records: number;
  readonly seconds: number;
  readonly cpuMicros: number;
}

async function timed(emulator: Emulator, work: () => Promise<number>): Promise<Phase> {
  const before = await emulator.usage();
  const start = performance.now();
  const records = await work();
  const elapsed = (performance.now() - start) / 1000;
  return { records, seconds: elapsed, cpuMicros: (await emulator.usage()).cpuMicros - before.cpuMicros };
}

/** Sends until the time is over, or the emulator holds a gigabyte, which must not be trimmed before it is read. */
async function putFor(port: number, recordBytes: number): Promise<number> {
  const bodies = putBodies(recordBytes);
  const perPut = Math.min(RECORDS_PER_PUT, Math.floor((10 * 1024 * 1024) / (recordBytes + 16)));
  const mostRequests = Math.floor(2 ** 30 / (perPut * (recordBytes + 96)));
  const until = performance.now() + seconds * 1000;
  let requests = 0;
  await Promise.all(
    Array.from({ length: connectionCount }, async () => {
      const connection = await RawConnection.open(port);
      while (performance.now() < until && requests < mostRequests) {
        const reply = await connection.send(bodies[requests++ % DISTINCT_BODIES]!);
        if (!wire.isAllStored(reply)) throw new Error(reply.toString().slice(0, 500));
      }
      connection.close();
    }),
  );
  return requests * perPut;
}

async function readAll(port: number): Promise<number> {
  const counts = await Promise.all(Array.from({ length: shardCount }, (_, index) => readShard(port, index)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function readShard(port: number, index: number): Promise<number> {
  const connection = await RawConnection.open(port);
  const shard = { StreamName: 'bench', ShardId: `shardId-${String(index).padStart(12, '0')}`, ShardIteratorType: 'TRIM_HORIZON' };
  let iterator = wire.text(await connection.send(request('GetShardIterator', shard)), 'ShardIterator');
  let records = 0;
  for (let isAtTip = false; !isAtTip; ) {
    const reply = await connection.send(request('GetRecords', { ShardIterator: iterator }));
    iterator = wire.text(reply, 'NextShardIterator');
    isAtTip = wire.isAtTip(reply);
    records += countRecords(reply);
  }
  connection.close();
  return records;
}

const report = (name: string, recordBytes: number, { records, seconds: elapsed, cpuMicros }: Phase): string => {
  const rate = records / elapsed;
  const megabytes = (rate * recordBytes) / 1e6;
  const figures = [`${Math.round(rate)} records/s`, `${megabytes.toFixed(0)} MB/s`, `${(cpuMicros / records).toFixed(2)} µs CPU a record`];
  return `${name.padEnd(10)} ${String(recordBytes).padStart(6)} B  ${figures.map((text) => text.padStart(22)).join('')}`;
};

for (const recordBytes of RECORD_SIZES) {
  await using emulator = await startEmulator();
  const put = await timed(emulator, () => putFor(emulator.port, recordBytes));
  const { rssBytes } = await emulator.usage();
  const get = await timed(emulator, () => readAll(emulator.port));
  if (get.records !== put.records) throw new Error(`put ${put.records} records, got ${get.records}`);
  console.log(report('PutRecords', recordBytes, put));
  console.log(report('GetRecords', recordBytes, get));
  console.log(`${' '.repeat(21)}holding ${put.records} records in ${Math.round(rssBytes / 2 ** 20)} MiB resident`);
}
