import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { connectRedis } from '@sluice/redis';
import { startRedisServer } from '@sluice/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

const stack = new AsyncDisposableStack();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-doctor-'));
  stack.defer(() => rm(folder, { recursive: true }));
});
afterAll(() => stack.disposeAsync());

it('finds nothing wrong with what is right, and says what it did not try', async () => {
  await using redis = await startRedisServer({ extraArguments: ['--maxmemory', '2gb'] });
  await using kinesis = await startKinesisEmulator({ streams: { orders: 2, out: 3 } });
  const { code, stdout, stderr } = await doctor(redis.url, kinesis.endpoint, 'orders', 'out');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^✓ redis: version \d+\.\d+\.\d+, noeviction, persistence aof$/m);
  expect(stdout).toMatch(/^✓ clock: this machine is \d+\.\d s (ahead of|behind) Redis$/m);
  expect(stdout).toMatch(/^! orders: can be read; ACTIVE, 2 open shards, kept for 24 h\n {4}→ raise the retention/m);
  expect(stdout).toMatch(/^✓ out: is there; ACTIVE, 3 open shards take 3,000 records\/s and 3 MiB\/s.*, may be written to$/m);
  expect(stdout).toContain('✓ downgrade: the release before this one reads all that is stored here\n');
  expect(stdout).toContain('✓ workers: none reports itself');
});

it('says what is wrong and what to do, and ends with 1', async () => {
  await using redis = await startRedisServer({ appendOnly: false, extraArguments: ['--maxmemory-policy', 'allkeys-lru'] });
  await using kinesis = await startKinesisEmulator({ streams: { orders: 1 } });
  const { code, stdout } = await doctor(redis.url, kinesis.endpoint, 'orders', 'absent');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✗ redis: .*evicts keys.*\n {4}→ set maxmemory-policy noeviction$/m);
  expect(stdout).toMatch(/^! memory: .* no limit\n {4}→ set maxmemory/m);
  expect(stdout).toMatch(/^✗ absent: .*\n {4}→ docs\/errors\.md says what STREAM_NOT_FOUND means/m);
});

it('asks for a stream under the role that its settings name', async () => {
  await using redis = await startRedisServer();
  await using kinesis = await startKinesisEmulator({ streams: { orders: 1 } });
  const file = join(folder, 'role.yaml');
  const credentials = 'credentials: { id: a, secret: a }';
  await writeFile(
    file,
    [
      `input: { label: in, aws_kinesis: { streams: [orders], region: us-east-1, endpoint: '${kinesis.endpoint}', ${credentials} } }`,
      'output: { drop: {} }',
      '---',
      "sluice: { ingresses: { input/in: { streams: { orders: { role: 'arn:aws:iam::222233334444:role/reader' } } } } }",
    ].join('\n'),
  );
  const { code, stdout } = await runSluice(['doctor', '-c', file], { env: { SLUICE_REDIS_URL: redis.url } });
  expect(stdout).toMatch(/^✗ orders: no AWS credentials from role arn:aws:iam::222233334444:role\/reader/m);
  expect(code).toBe(1);
});

it('tells what a downgrade would break', async () => {
  await using redis = await startRedisServer();
  await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
  await session.client.hset('sluice:formats', { frame: 2, job: 1 });
  const { stdout } = await runSluice(['doctor'], { env: { SLUICE_REDIS_URL: redis.url } });
  expect(stdout).toMatch(/^! downgrade: the release before this one does not read frame 2\n {4}→ before you go back, drain/m);
});

it('checks Redis alone where no configuration is named', async () => {
  await using redis = await startRedisServer();
  const { stdout, stderr } = await runSluice(['doctor', '--format', 'json'], { env: { SLUICE_REDIS_URL: redis.url } });
  expect(stderr).toBe('only Redis was checked: name a configuration with --config to check its streams too\n');
  expect(JSON.parse(stdout).findings.map(({ subject }: { subject: string }) => subject)).toEqual([
    ...['redis', 'memory', 'role', 'clock', 'workers', 'downgrade', 'dead letters'],
  ]);
});

async function doctor(redisUrl: string, endpoint: string, source: string, output: string) {
  const file = join(folder, `${source}-${output}.yaml`);
  await writeFile(
    file,
    [
      `input: { aws_kinesis: { streams: [${source}] } }`,
      `output: { aws_kinesis: { stream: ${output}, partition_key: '\${! json("id") }' } }`,
    ].join('\n'),
  );
  const aws = { AWS_ENDPOINT_URL_KINESIS: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'a' };
  return runSluice(['doctor', '-c', file], { env: { SLUICE_REDIS_URL: redisUrl, ...aws } });
}
