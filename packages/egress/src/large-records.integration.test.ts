import { createHash } from 'node:crypto';
import { silentLogger, systemClock } from '@sluice/core';
import { startBucketStub } from '@sluice/object-store/testing';
import { listDeadLetters, readLaneCounts } from '@sluice/queue';
import { expect, it } from 'vitest';
import { openLargeRecords } from './open-large-records.ts';
import { TARGET } from './testing/egress.ts';
import { type Rig, startRig, until } from './testing/egress-rig.ts';

const MIB = 1024 * 1024;
const recordOf = (partitionKey: string, data: Buffer) => ({ partitionKey, data, metadata: {} });

it('data that the stream does not take go to a bucket, in place and byte by byte, also after the bucket was away', async () => {
  await using rig = await startRig();
  await using bucket = await startBucketStub();
  const large = Buffer.from(Array.from({ length: MIB + 3 }, (_, index) => (index * 7) % 256));
  const exact = Buffer.alloc(MIB - 1, 1);
  const worker = await rig.startWorker({}, { openLargeRecords: () => openBucket(bucket.url) });
  bucket.refuse = () => ({ status: 503, code: 'SlowDown' });

  const [one, two] = [rig.sender.laneOf('k'), rig.sender.laneOf('other')];
  await enqueue(rig, one, [
    recordOf('k', Buffer.from('k-1')),
    recordOf('k', large),
    recordOf('k', exact),
    recordOf('k', Buffer.from('k-4')),
  ]);
  await enqueue(rig, two, [recordOf('other', Buffer.from('other-1'))]);
  await until(() => worker.events.filter(({ type }) => type === 'offload.failed').length >= 3);
  await until(async () => (await dataOf(rig)).length === 2);
  expect((await dataOf(rig)).map(String).toSorted()).toEqual(['k-1', 'other-1']);

  bucket.refuse = () => undefined;
  await until(async () => (await readLaneCounts(rig.session, { target: TARGET })).every(({ records }) => records === 0));
  const [first, reference, third, last, ...more] = (await dataOf(rig)).filter((data) => String(data) !== 'other-1');
  expect([first, third, last, more]).toEqual([Buffer.from('k-1'), exact, Buffer.from('k-4'), []]);
  const sha256 = createHash('sha256').update(large).digest('hex');
  expect(JSON.parse(String(reference))).toEqual({
    ...{ format: 'sluice.offloaded/1', bucket: 'b', key: `large/${sha256}`, bytes: large.length, sha256 },
  });
  expect([...bucket.objects.keys()]).toEqual([`/b/large/${sha256}`]);
  expect(bucket.objects.get(`/b/large/${sha256}`)!.equals(large)).toBe(true);
  expect(await listDeadLetters(rig.session, { target: TARGET })).toEqual([]);
});

it('a worker that stops while the bucket is away hands the record back, and the next one delivers it', async () => {
  await using rig = await startRig();
  await using bucket = await startBucketStub();
  bucket.refuse = () => ({ status: 503, code: 'SlowDown' });
  const open = { openLargeRecords: () => openBucket(bucket.url) };
  const first = await rig.startWorker({}, open);
  await enqueue(rig, rig.sender.laneOf('k'), [recordOf('k', Buffer.alloc(MIB + 1, 2)), recordOf('k', Buffer.from('k-2'))]);
  await until(() => first.events.some(({ type }) => type === 'offload.failed'));
  first.stop();
  await first.ended;
  expect(await dataOf(rig)).toEqual([]);

  bucket.refuse = () => undefined;
  await rig.startWorker({}, open);
  await until(async () => (await dataOf(rig)).length === 2);
  const [reference, next] = await dataOf(rig);
  expect([JSON.parse(String(reference)), String(next)]).toEqual([expect.objectContaining({ bytes: MIB + 1 }), 'k-2']);
});

const openBucket = (endpoint: string) => {
  const credentials = { type: 'static', accessKeyId: 'test', secretAccessKey: { reveal: () => 'test' }, sessionToken: undefined } as const;
  const aws = { region: 'eu-west-1', endpoint, credentials, assumeRole: undefined, http: {} };
  const context = { env: {}, clock: systemClock, logger: silentLogger };
  return openLargeRecords({ bucket: 'b', prefix: 'large/', isPathStyle: true, aws }, context);
};

const enqueue = (rig: Rig, lane: number, records: ReturnType<typeof recordOf>[]) =>
  rig.sender.enqueue([{ lane, records }], rig.session.epoch);

const dataOf = async (rig: Rig): Promise<Buffer[]> => (await rig.readData('out')).map((data) => Buffer.from(data));
