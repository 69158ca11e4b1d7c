/**
 * CPU time of this process per record for PutRecords and GetRecords: Sluice's codec and the SDK's own, both on the same keep-alive
 * HTTP/1.1 handler. The server answers prepared bytes from a process of its own.
 *
 *     node bench/kinesis-client/run.ts [calls per measurement]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { GetRecordsCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { createKinesisClient, createRequestHandler } from '@sluice/kinesis';

const CALLS = Number(process.argv[2] ?? 200);
const RECORDS = 500;
const IN_FLIGHT = 4;

interface Candidate {
  readonly name: string;
  put(): Promise<unknown>;
  get(): Promise<unknown>;
}

for (const bytes of [200, 1024]) {
  const server = fork(new URL('replay-server.ts', import.meta.url), [String(RECORDS), String(bytes)]);
  const [port] = await once(server, 'message');
  const rounds = candidatesFor(`http://127.0.0.1:${port}`, bytes);
  for (const kind of ['put', 'get'] as const) {
    for (const candidate of rounds) await run(candidate[kind], CALLS / 4);
    for (const candidate of rounds) {
      const { cpuUs, seconds } = await run(candidate[kind], CALLS);
      const perRecord = (cpuUs / CALLS / RECORDS).toFixed(2);
      const rate = Math.round((CALLS * RECORDS) / seconds);
      process.stdout.write(
        `${kind} ${RECORDS} x ${bytes} B  ${candidate.name.padEnd(28)} ${perRecord.padStart(6)} us CPU/record  ${rate} records/s\n`,
      );
    }
  }
  await ended(server);
}
process.exit(0);

function candidatesFor(endpoint: string, bytes: number): readonly Candidate[] {
  const settings = { region: 'us-east-1', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
  const records = Array.from({ length: RECORDS }, (_, index) => ({ partitionKey: `key-${index}`, data: Buffer.alloc(bytes, 'sluice ') }));
  const ours = createKinesisClient(settings);
  const sdkInput = { StreamName: 's', Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })) };
  const sdk = (name: string, client: KinesisClient): Candidate => ({
    name,
    put: () => client.send(new PutRecordsCommand(sdkInput)),
    get: () => client.send(new GetRecordsCommand({ ShardIterator: 'i', Limit: RECORDS })),
  });
  return [
    {
      name: 'sluice',
      put: () => ours.putRecords({ stream: 's', records }),
      get: () => ours.getRecords({ stream: 's', shardId: 'shardId-000000000000', iterator: 'i', limit: RECORDS }),
    },
    sdk('SDK codec, keep-alive HTTP/1', new KinesisClient({ ...settings, maxAttempts: 1, requestHandler: createRequestHandler() })),
  ];
}

async function run(call: () => Promise<unknown>, calls: number): Promise<{ readonly cpuUs: number; readonly seconds: number }> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system, seconds: (performance.now() - startedAt) / 1000 };
}

async function ended(server: ChildProcess): Promise<void> {
  server.disconnect();
  await once(server, 'exit');
}
