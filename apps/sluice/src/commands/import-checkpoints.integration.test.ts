import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startTableStub } from '@sluice/checkpoint-import/testing';
import { startTableStub as startTableStream } from '@sluice/dynamodb-streams/testing';
import { NodeProcess, programFile, startRedisServer } from '@sluice/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OrdersStream, startOrdersStream } from '../testing/kcl/orders-stream.ts';
import { runSluice } from '../testing/run-sluice.ts';

const MAIN = programFile('sluice');
const WAITING = { timeout: 100_000, interval: 50 };
const CONFIG = `input:
  label: in
  aws_kinesis: {streams: [orders]}
output:
  label: out
  aws_kinesis: {stream: sink, partition_key: '\${! meta("kinesis_partition_key") }', batching: {count: 100, period: 10ms}}
---
sluice:
  lanes: 2
  ports: {ingress_worker: 0, egress_worker: 0}
`;

let folder: string;
let stack: AsyncDisposableStack;
let orders: OrdersStream;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-import-checkpoints-'));
  stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const redis = stack.use(await startRedisServer());
  orders = await startOrdersStream();
  stack.use(orders.emulator);
  env = {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
    ...{ AWS_ENDPOINT_URL_KINESIS: orders.emulator.endpoint, SLUICE_REDIS_URL: redis.url },
  };
  await writeFile(join(folder, 'config.yaml'), CONFIG);
});
afterEach(() => stack.disposeAsync());

interface Recording {
  /** What the application had handled when it was killed. */
  readonly handled: readonly string[];
  /** Its lease table. */
  readonly rows: [];
}

describe('sluice import-checkpoints', () => {
  it.each(['kcl-2.7.json', 'kcl-3.0.json'])(
    'goes on where a real KCL application was killed, and no record is handled twice or missed: %s',
    async (file) => {
      const { handled, rows } = JSON.parse(await readFile(resolve(import.meta.dirname, '../testing/kcl', file), 'utf8')) as Recording;
      const stub = stack.use(await startTableStub({ totals: rows }));
      env = { ...env, AWS_ENDPOINT_URL_DYNAMODB: stub.url };

      const dryRun = await importCheckpoints('--from', 'kcl', 'totals');
      expect({ ...dryRun, stdout: dryRun.stdout.replaceAll(/\d{56}/g, 'NUMBER').split('\n') }).toEqual({
        ...{ code: 0, stderr: '' },
        stdout: [
          'set 4 checkpoints of input/in from table totals (kcl)',
          '  orders shardId-000000000000  SHARD_END                                                   held by worker-1',
          '  orders shardId-000000000001  NUMBER:2  held by worker-1',
          '  orders shardId-000000000002  NUMBER:1  held by worker-1',
          '  orders shardId-000000000003  TRIM_HORIZON                                                held by worker-1',
          'dry run: nothing was changed',
          '',
        ],
      });
      await expect(importCheckpoints('--from', 'kcl', 'totals', '--apply')).resolves.toMatchObject({
        code: 0,
        stdout: expect.stringContaining('4 checkpoints'),
      });
      const rest = orders.texts.filter((text) => !handled.includes(text));
      const running = startRun();
      await vi.waitFor(() => expect(delivered().length).toBeGreaterThanOrEqual(rest.length), WAITING);
      running.signal('SIGTERM');
      await running.exited;

      expect(handled).toHaveLength(27);
      expect(delivered().toSorted()).toEqual(rest.toSorted());
      await expect(importCheckpoints('--from', 'kcl', 'totals', '--apply')).resolves.toMatchObject({
        code: 1,
        stderr: expect.stringContaining('--replace changes them (CHECKPOINT_IMPORT_REFUSED)'),
      });
    },
  );

  it('reads the table of a Benthos input, and a listing', async () => {
    const sequenceNumber = orders.emulator.records('orders').find(({ shardId }) => shardId === 'shardId-000000000002')!.sequenceNumber;
    const row = { StreamID: { S: 'orders' }, ShardID: { S: 'shardId-000000000002' }, SequenceNumber: { S: sequenceNumber } };
    const stub = stack.use(await startTableStub({ checkpoints: [row] }));
    const plan = [
      '  orders shardId-000000000000  SHARD_END                                                           shards after it are being read',
      '  orders shardId-000000000001  TRIM_HORIZON                                                        not begun',
      `  orders shardId-000000000002  ${sequenceNumber}:999999999  as stored`,
      '  orders shardId-000000000003  TRIM_HORIZON                                                        not begun',
      'dry run: nothing was changed',
      '',
    ];
    const benthos = await importCheckpoints('--from', 'benthos', 'checkpoints', '--dynamodb-endpoint', stub.url);
    expect(benthos.stdout.split('\n').slice(1)).toEqual(plan);
    const listing = join(folder, 'listing.csv');
    await writeFile(
      listing,
      `stream,shard,sequence_number\norders,shardId-000000000002,${sequenceNumber}\nothers,shardId-000000000000,1\n`,
    );
    const flink = await importCheckpoints('--from', 'flink', listing);
    expect(flink.stdout.split('\n').slice(1)).toEqual(plan);
    await expect(importCheckpoints('--from', 'flink', `${listing}.not`)).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected the path of a listing, found .*no such file.*\(IMPORT_USAGE\)/),
    });
  });

  it('goes on in the stream of a DynamoDB table', async () => {
    const table = stack.use(await startTableStream());
    const { arn, shardIds } = table.stream;
    const [first] = shardIds as [string];
    const checkpoint = table.stream.write(first, 'a');
    const child = table.stream.rollOver(first);
    const row = { leaseKey: { S: first }, checkpoint: { S: checkpoint }, checkpointSubSequenceNumber: { N: '0' }, leaseOwner: { S: 'w' } };
    const stub = stack.use(await startTableStub({ totals: [row] }));
    await writeFile(join(folder, 'config.yaml'), CONFIG.replace('[orders]', `['${arn}']`));
    env = { ...env, AWS_ENDPOINT_URL_DYNAMODB: stub.url, AWS_ENDPOINT_URL_DYNAMODB_STREAMS: table.url };
    expect((await importCheckpoints('--from', 'kcl', 'totals')).stdout.split('\n').slice(1, 3)).toEqual([
      `  ${arn} ${first}  ${checkpoint}:0  held by w`,
      `  ${arn} ${child}  ${'TRIM_HORIZON'.padEnd(checkpoint.length + 2)}  not begun`,
    ]);
  });

  it('says what is missing or wrong', async () => {
    const listing = join(folder, 'listing.csv');
    const flink = ['--from', 'flink', listing];
    await writeFile(listing, 'stream,shard,sequence_number\nothers,shardId-000000000000,1\n');
    await expect(importCheckpoints(...flink)).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('found those of others (IMPORT_USAGE)'),
    });
    await expect(importCheckpoints(...flink, '--ingress', 'x')).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected one of input/in as --ingress, found x'),
    });
    await expect(importCheckpoints(...flink, '--stream', 'x')).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('expected a stream of input/in, orders, found x'),
    });
    await writeFile(listing, `stream,shard,sequence_number\norders,shardId-000000000001,${'9'.repeat(56)}\n`);
    await expect(importCheckpoints(...flink)).resolves.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/expected a sequence number that orders shardId-0{11}1 has reached, .*\(CHECKPOINT_IMPORT_INVALID\)/),
    });
  });
});

const importCheckpoints = (...args: string[]) =>
  runSluice(['import-checkpoints', ...args, '--config', join(folder, 'config.yaml')], { env });

const delivered = (): string[] => orders.emulator.records('sink').map(({ data }) => Buffer.from(data).toString());

function startRun(): NodeProcess {
  const run = new NodeProcess({ script: MAIN, args: ['run', join(folder, 'config.yaml')], env });
  stack.defer(async () => void (await run.stop()));
  return run;
}
