import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock } from '@sluice/core';
import { type KinesisEmulator, startKinesisEmulator } from '@sluice/kinesis-emulator';
import { laneOf, readLaneCounts } from '@sluice/queue';
import { takeLane } from '@sluice/queue/testing';
import { connectRedis } from '@sluice/redis';
import { startRedisServer, until } from '@sluice/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

let kinesis: KinesisEmulator;
let stream = 0;

beforeAll(async () => {
  const streams = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((number) => [`orders-${number}`, 1]));
  kinesis = await startKinesisEmulator({ streams });
});
afterAll(() => kinesis[Symbol.asyncDispose]());
beforeEach(() => {
  stream++;
});

describe('sluice put', () => {
  it('puts the lines of standard input, each under the key that it names', async () => {
    const answer = await put([name(), '--key', 'id'], '{"id":"a","n":1}\n\nno document\n{"id":"b","n":2}');
    expect(answer).toEqual({ code: 0, stdout: '', stderr: `3 records put into ${name()}\n` });
    expect(stored()).toEqual([
      ['a', '{"id":"a","n":1}'],
      ['no document', 'no document'],
      ['b', '{"id":"b","n":2}'],
    ]);
  });

  it('puts what a mapping makes, skips what it deletes, and stops at the count', async () => {
    const mapping = 'let n = count("n")\nroot = if $n % 2 == 0 { deleted() } else { {"id": "k", "n": $n} }';
    expect(await put([name(), '--generate', mapping, '--key', 'id', '--count', '2'])).toMatchObject({ code: 0 });
    expect(stored()).toEqual([
      ['k', '{"id":"k","n":1}'],
      ['k', '{"id":"k","n":3}'],
    ]);
  });

  it('says what is wrong, and puts nothing', async () => {
    expect(await put(['unknown'], 'x')).toMatchObject({ code: 1, stderr: expect.stringContaining('(STREAM_NOT_FOUND)') });
    expect(await put([name(), '--file', 'a', '--generate', 'root = 1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(PUT_USAGE)'),
    });
    for (const args of [
      ['--file', join(tmpdir(), 'nowhere')],
      ['--file', tmpdir()],
      ['--generate', 'root = '],
    ]) {
      expect(await put([name(), ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining('(PUT_USAGE)') });
    }
    expect(await put([name(), '--generate', 'root = throw("no")'])).toMatchObject({
      ...{ code: 1, stderr: expect.stringContaining('(GENERATE_FAILED)') },
    });
    expect(stored()).toEqual([]);
  });
});

describe('sluice put on an egress', () => {
  it('puts records into its lanes, and waits above the high-water mark', async () => {
    await using redis = await startRedisServer();
    await using session = await connectRedis({ url: redis.url }, { logger: silentLogger, clock: systemClock });
    const config = await configFile();
    const args = ['output/out', '-c', config, '-s', 'sluice.lanes=4', '--key', 'id'];
    const env = { SLUICE_REDIS_URL: redis.url };
    const answer = await put(args, '{"id":"a","n":1}\n{"id":"b","n":2}\n{"id":"a","n":3}', env);
    expect(answer).toEqual({ code: 0, stdout: '', stderr: '3 records put into output/out\n' });
    const lane = await takeLane(session, { target: 'output/out', lane: laneOf('a', 4) });
    const records = (await lane.take(10)).jobs.flatMap((job) => job.records).filter(({ partitionKey }) => partitionKey === 'a');
    expect(records.map(({ data }) => Buffer.from(data).toString())).toEqual(['{"id":"a","n":1}', '{"id":"a","n":3}']);

    // Three records are the high-water mark: it looks again and again until they are written.
    const looks = async () => Number(/cmdstat_time:calls=(\d+)/.exec(await session.client.info('commandstats'))?.[1] ?? 0);
    const before = await looks();
    const marks = ['-s', 'sluice.backpressure.high_water_records=3', '-s', 'sluice.backpressure.low_water_records=2'];
    const waiting = put([...args, ...marks], '{"id":"b","n":4}', env);
    await until('it to look several times', async () => (await looks()) > before + 5);
    expect(
      await readLaneCounts(session, { target: 'output/out' }).then((lanes) => lanes.reduce((sum, { records }) => sum + records, 0)),
    ).toBe(3);
    await lane.takeOver();
    const { jobs } = await lane.take(10);
    await lane.settle(jobs.map((job) => ({ job, remaining: [], deadLetters: [] })));
    expect(await waiting).toMatchObject({ code: 0, stderr: '1 record put into output/out\n' });
  });
});

describe('sluice put --resume-file', () => {
  it('goes on behind the lines that are stored, and refuses the file of another put', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'put-'));
    const [file, resume] = [join(folder, 'lines'), join(folder, 'resume')];
    await writeFile(file, ['one', '', 'two', 'three', 'four'].join('\n'));
    const args = [name(), '--file', file, '--resume-file', resume];
    expect(await put([...args, '--count', '2'])).toMatchObject({ code: 0, stderr: `2 records put into ${name()}\n` });
    expect(await put([...args, '--count', '1'])).toMatchObject({ stderr: `1 record put into ${name()}, after 2 records of before\n` });
    expect(await put(args)).toMatchObject({ stderr: `1 record put into ${name()}, after 3 records of before\n` });
    expect(await put(args)).toMatchObject({ stderr: `0 records put into ${name()}, after 4 records of before\n` });
    expect(stored().map(([, data]) => data)).toEqual(['one', 'two', 'three', 'four']);

    expect(await put(['orders-1', '--file', file, '--resume-file', resume])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('(PUT_USAGE)'),
    });
    expect(await put([name(), '--generate', 'root = 1', '--resume-file', resume])).toMatchObject({ code: 2 });
    expect(await put(['output/x'], 'x')).toMatchObject({ code: 2, stderr: expect.stringContaining('found output/x') });
  });
});

async function configFile(): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'put-')), 'out.yaml');
  await writeFile(file, 'output:\n  label: out\n  aws_kinesis:\n    stream: orders-1\n    partition_key: k\n    region: us-east-1\n');
  return file;
}

const name = () => `orders-${stream}`;
const stored = () => kinesis.records(name()).map(({ partitionKey, data }) => [partitionKey, Buffer.from(data).toString()]);

const put = (args: readonly string[], input?: string, env: Readonly<Record<string, string>> = {}) =>
  runSluice(['put', ...args], {
    ...(input === undefined ? {} : { input }),
    env: {
      AWS_ENDPOINT_URL_KINESIS: kinesis.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'a',
      ...env,
    },
  });
