import { join, resolve } from 'node:path';
import { runNode, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const SLUICE = join(resolve(import.meta.dirname, '..'), 'apps/sluice/start.mjs');
const INGRESS = 'com.example/departures';
const TARGET = 'output/arrivals';
const RECORDS = 200;

it('pauses, resumes and rewinds under workers that keep running, and keeps an audit log', async () => {
  await using pipeline = await Pipeline.start({ shards: 2 });
  const sluice = (...args: string[]) => runNode([SLUICE, ...args], { env: { SLUICE_REDIS_URL: pipeline.redis.url } });
  const feed = (from: number) =>
    pipeline.client.putRecords({
      stream: SOURCE,
      records: Array.from({ length: RECORDS }, (_, n) => ({
        partitionKey: `key-${n}`,
        data: Buffer.from(JSON.stringify({ n: from + n })),
      })),
    });
  const { ingress, egress } = await pipeline.startWorkers({ ingress: 2, egress: 1 });
  await feed(0);
  await until('the first records', () => pipeline.written === RECORDS);

  // An ingress that is paused reads nothing, and its workers stay ready.
  expect(await sluice('pause', INGRESS, '--reason', 'maintenance', '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('dry run'),
  });
  expect(await sluice('pause', INGRESS)).toMatchObject({ code: 1, stderr: expect.stringContaining('(NOT_CONFIRMED)') });
  expect(await sluice('pause', INGRESS, '--reason', 'maintenance', '--yes')).toMatchObject({ code: 0 });
  const shards = async () => JSON.parse((await sluice('shards', '--format', 'json')).stdout).streams[0];
  await until('the shards to be given back', async () =>
    (await shards()).shards.every((shard: { owner: unknown }) => shard.owner === null),
  );
  expect(await shards()).toMatchObject({ paused: { reason: 'maintenance' } });
  await feed(RECORDS);
  for (const worker of [...ingress, ...egress]) await worker.ready();
  expect(pipeline.written).toBe(RECORDS);
  expect(await sluice('resume', INGRESS, '--yes')).toMatchObject({ code: 0 });
  await until('the second records', () => pipeline.written === 2 * RECORDS);

  // A target that is paused keeps its records in the lanes.
  expect(await sluice('pause', TARGET, '--yes')).toMatchObject({ code: 0 });
  const target = async () => JSON.parse((await sluice('lanes', '--format', 'json')).stdout).targets[0];
  await until('the lanes to be given back', async () => (await target()).lanes.every((lane: { owner: unknown }) => lane.owner === null));
  await feed(2 * RECORDS);
  const waiting = (lanes: ReadonlyArray<{ readonly records: number }>) => lanes.reduce((sum, { records }) => sum + records, 0);
  await until('the records to wait', async () => waiting((await target()).lanes) === RECORDS);
  // Nothing can be rewound under jobs.
  expect(await sluice('rewind', INGRESS, '--to', 'earliest', '--timeout', '1', '--yes')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('(SHARDS_IN_USE)'),
  });
  expect(await sluice('resume', TARGET, '--yes')).toMatchObject({ code: 0 });
  await until('the third records', () => pipeline.written === 3 * RECORDS);

  // All over again, while everybody works.
  const dryRun = await sluice('rewind', INGRESS, '--to', 'earliest', '--dry-run');
  expect(dryRun.stdout).toContain(`rewind 2 shards of ${INGRESS} to TRIM_HORIZON`);
  expect(await sluice('rewind', INGRESS, '--to', 'earliest', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`2 shards of ${INGRESS} rewound to TRIM_HORIZON\n`),
  });
  await until('everything again', () => pipeline.written === 6 * RECORDS);
  expect(await sluice('rewind', INGRESS, '--to', 'latest', '--shard', 'shardId-9')).toMatchObject({ code: 2 });

  // Forgotten, the stream is read from the start position again.
  expect(await sluice('streams', 'forget', INGRESS, SOURCE, '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('forget 2 shards'),
  });
  expect(await sluice('streams', 'forget', INGRESS, 'other', '--yes')).toMatchObject({ code: 2 });
  expect(await sluice('streams', 'forget', INGRESS, SOURCE, '--yes')).toMatchObject({ code: 0 });
  await until('everything once more', () => pipeline.written === 9 * RECORDS);

  const { entries } = JSON.parse((await sluice('audit', '--format', 'json')).stdout);
  expect(entries.map(({ action, subject }: Record<string, string>) => `${action} ${subject}`)).toEqual([
    `streams.forget ${INGRESS}`,
    `rewind ${INGRESS}`,
    `resume ${TARGET}`,
    // What failed is there twice.
    `rewind ${INGRESS}`,
    `rewind ${INGRESS}`,
    `pause ${TARGET}`,
    `resume ${INGRESS}`,
    `pause ${INGRESS}`,
  ]);
  expect(entries[1]).toMatchObject({ by: expect.stringMatching(/@/), facts: { to: 'TRIM_HORIZON' } });
  expect(entries[3]).toMatchObject({ facts: { failed: { code: 'SHARDS_IN_USE' } } });
});
