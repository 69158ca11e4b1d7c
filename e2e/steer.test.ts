import { laneKeys } from '@sluice/redis';
import { programFile, runNode, until } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { Pipeline, SOURCE } from './src/pipeline.ts';

const SLUICE = programFile('sluice');
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
  await until('the first records', () => pipeline.hasWritten(RECORDS));

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
  expect(pipeline.hasWritten(RECORDS)).toBe(true);
  expect(await sluice('resume', INGRESS, '--yes')).toMatchObject({ code: 0 });
  await until('the second records', () => pipeline.hasWritten(2 * RECORDS));

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
  await until('the third records', () => pipeline.hasWritten(3 * RECORDS));

  // All over again, while everybody works.
  const dryRun = await sluice('rewind', INGRESS, '--to', 'earliest', '--dry-run');
  expect(dryRun.stdout).toContain(`rewind 2 shards of ${INGRESS} to TRIM_HORIZON`);
  expect(await sluice('rewind', INGRESS, '--to', 'earliest', '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`2 shards of ${INGRESS} rewound to TRIM_HORIZON\n`),
  });
  await until('everything again', () => pipeline.hasWritten(6 * RECORDS));
  expect(await sluice('rewind', INGRESS, '--to', 'latest', '--shard', 'shardId-9')).toMatchObject({ code: 2 });

  // Forgotten, the stream is read from the start position again.
  expect(await sluice('streams', 'forget', INGRESS, SOURCE, '--dry-run')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('forget 2 shards'),
  });
  expect(await sluice('streams', 'forget', INGRESS, 'other', '--yes')).toMatchObject({ code: 2 });
  expect(await sluice('streams', 'forget', INGRESS, SOURCE, '--yes')).toMatchObject({ code: 0 });
  await until('everything once more', () => pipeline.hasWritten(9 * RECORDS));

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

it('moves leases, drops a job that lost its payload, and lets one operator at a time change lanes', async () => {
  await using pipeline = await Pipeline.start({ shards: 2 });
  const { session } = pipeline.redis;
  const sluice = (...args: string[]) => runNode([SLUICE, ...args], { env: { SLUICE_REDIS_URL: pipeline.redis.url } });
  const feed = (from: number) => pipeline.client.putRecords({ stream: SOURCE, records: recordsOf(from) });
  const { ingress, egress } = await pipeline.startWorkers({ ingress: 2, egress: 2 });
  await feed(0);
  await until('the first records', () => pipeline.hasWritten(RECORDS));

  // A shard and a lane go to the worker that is named, whoever has them.
  const owners = async () =>
    JSON.parse((await sluice('shards', '--format', 'json')).stdout).streams[0].shards as { shardId: string; owner: string }[];
  const [{ shardId, owner } = { shardId: '', owner: '' }] = await owners();
  const other = ingress.map(({ id }) => id).find((id) => id !== owner)!;
  expect(await sluice('move', shardId, '--to', other, '--yes')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`is with ${other}`),
  });
  expect((await owners()).find((shard) => shard.shardId === shardId)).toMatchObject({ owner: other });
  expect(await sluice('move', `${TARGET}/0`, '--to', egress[1]!.id, '--yes')).toMatchObject({ code: 0 });
  expect(await sluice('move', shardId, '--to', 'nobody', '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining(other) });
  expect(await sluice('move', 'shardId-9', '--to', other, '--yes')).toMatchObject({ code: 2 });

  // One lane loses the payload of its job, and stands still until the job is dropped; the others go on.
  expect(await sluice('pause', TARGET, '--yes')).toMatchObject({ code: 0 });
  const target = async () => JSON.parse((await sluice('lanes', '--all', '--format', 'json')).stdout).targets[0];
  await until('the lanes to be given back', async () => (await target()).lanes.every((one: { owner: unknown }) => one.owner === null));
  await feed(RECORDS);
  await until('the records to wait', async () => (await pipeline.lanes()).reduce((sum, { records }) => sum + records, 0) === RECORDS);
  const { lane } = (await pipeline.lanes()).find(({ waiting }) => waiting > 0)!;
  const { jobs } = JSON.parse((await sluice('jobs', 'list', TARGET, String(lane), '--format', 'json')).stdout);
  expect(await sluice('jobs', 'drop', TARGET, String(lane), jobs[0].id, '--yes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('can be delivered'),
  });
  await session.client.hdel(laneKeys({ target: TARGET, lane }).payloads, jobs[0].data.payload);
  expect(await sluice('resume', TARGET, '--yes')).toMatchObject({ code: 0 });
  await until('only that lane to have records', async () =>
    (await pipeline.lanes()).every((one) => (one.lane === lane ? one.blockedForMs > 0 : one.records === 0)),
  );
  const dropped = await sluice('jobs', 'drop', TARGET, String(lane), jobs[0].id, '--yes');
  expect(dropped).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`sluice rewind ${INGRESS} --stream ${SOURCE} --shard shardId-`),
  });
  await until('all lanes to be empty', async () =>
    (await pipeline.lanes()).every(({ records, waiting, active }) => records + waiting + active === 0),
  );
  await until('all but the records of that job', () => pipeline.hasWritten(2 * RECORDS - jobs[0].data.records));
  expect(await sluice('jobs', 'drop', TARGET, String(lane), jobs[0].id, '--yes')).toMatchObject({ code: 2 });

  // The range that was lost is read again, with what came after it.
  const rewind = /sluice (rewind .*)/.exec(dropped.stdout)![1]!.split(' ');
  expect(await sluice(...rewind, '--yes')).toMatchObject({ code: 0 });
  await feed(2 * RECORDS);
  await until('all of them', async () => (await pipeline.compare([0, RECORDS, 2 * RECORDS].flatMap(recordsOf))).lost === 0);

  // Two operators at once: one of them is refused by name, or comes after the other.
  const both = await Promise.all([3, 5].map((lanes) => sluice('lanes', 'resize', TARGET, String(lanes), '--yes')));
  expect(both.some(({ code }) => code === 0)).toBe(true);
  for (const { code, stderr } of both) if (code !== 0) expect(stderr).toContain('(LANES_RESIZING)');
  expect([3, 5]).toContain((await pipeline.lanes()).length);
});

const recordsOf = (from: number) =>
  Array.from({ length: RECORDS }, (_, n) => ({
    partitionKey: `key-${n}`,
    data: Buffer.from(JSON.stringify({ key: `key-${n}`, n: from + n })),
  }));
