/**
 * CPU time of this process per record for PutRecords and GetRecords: Sluice's client in CBOR and in JSON, and the SDK's own, all on the same
 * keep-alive HTTP/1.1 handler. The server answers prepared bytes from a process of its own. Candidates take turns; the median of the rounds
 * counts, and the ratio is against the SDK's.
 *
 *     node bench/kinesis-client/run.ts [rounds]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { GetRecordsCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createKinesisClient, createRequestHandler } from '@sluice/kinesis';

const ROUNDS = Number(process.argv[2] ?? 5);
const IN_FLIGHT = 4;
const CALLS = { 1: 600, 500: 100 };

interface Candidate {
  readonly name: string;
  put(): Promise<unknown>;
  get(): Promise<unknown>;
}

const SHAPES = [
  { records: 500, bytes: 200 },
  { records: 500, bytes: 1024 },
  { records: 500, bytes: 10 * 1024 },
  { records: 1, bytes: 1024 },
] as const;

for (const { records, bytes } of SHAPES) {
  const server = fork(new URL('replay-server.ts', import.meta.url), [String(records), String(bytes)]);
  const [port] = await once(server, 'message');
  const candidates = candidatesFor(`http://127.0.0.1:${port}`, records, bytes);
  for (const kind of ['put', 'get'] as const) {
    const calls = CALLS[records];
    for (const candidate of candidates) await cpuOf(candidate[kind], calls);
    const figures = candidates.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++)
      for (const [index, candidate] of candidates.entries()) figures[index]!.push((await cpuOf(candidate[kind], calls)) / calls / records);
    const medians = figures.map((each) => each.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!);
    for (const [index, { name }] of candidates.entries()) {
      const ratio = medians[index]! / medians.at(-1)!;
      process.stdout.write(
        `${kind} ${String(records).padStart(3)} x ${String(bytes).padStart(5)} B  ${name.padEnd(12)} ${medians[index]!.toFixed(2).padStart(8)} us CPU/record  ${ratio.toFixed(2)}\n`,
      );
    }
  }
  await ended(server);
}
process.exit(0);

function candidatesFor(endpoint: string, count: number, bytes: number): readonly Candidate[] {
  const settings = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const records = Array.from({ length: count }, (_, index) => ({ partitionKey: `key-${index}`, data: Buffer.alloc(bytes, 'sluice ') }));
  const ours = (encoding: 'cbor' | 'json'): Candidate => {
    const client = createKinesisClient({ ...settings, encoding });
    return {
      name: `sluice ${encoding}`,
      put: () => client.putRecords({ stream: 's', records }),
      get: () => client.getRecords({ stream: 's', shardId: 'shardId-000000000000', iterator: 'i', limit: count }),
    };
  };
  const sdk = new KinesisClient({ ...settings, maxAttempts: 1, requestHandler: createRequestHandler() });
  const sdkInput = { StreamName: 's', Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })) };
  return [
    ours('cbor'),
    ours('json'),
    {
      name: 'SDK',
      put: () => sdk.send(new PutRecordsCommand(sdkInput)),
      get: () => sdk.send(new GetRecordsCommand({ ShardIterator: 'i', Limit: count })),
    },
  ];
}

/** Microseconds of CPU of this process. */
async function cpuOf(call: () => Promise<unknown>, calls: number): Promise<number> {
  const before = process.cpuUsage();
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function ended(server: ChildProcess): Promise<void> {
  server.disconnect();
  await once(server, 'exit');
}
