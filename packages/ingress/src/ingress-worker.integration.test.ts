import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { Aggregator } from '@sluice/kinesis';
import { startRedisProxy } from '@sluice/redis/testing';
import { Stopwatch } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { compare } from './testing/keyed-feed.ts';
import { startLaneDrain } from './testing/lane-drain.ts';
import { LANES, type Place, STREAM, startPlace } from './testing/place.ts';

const NOTHING_WRONG = { lost: 0, duplicated: 0, outOfOrder: 0 };

describe('an ingress worker', () => {
  it('shares the shards out with another one, and every record arrives in order', async () => {
    await using place = await startPlace(4);
    const [one, two] = [await place.worker(), await place.worker()];
    await until(() => one.leases() === 2 && two.leases() === 2);
    await place.feed.put(2_000);

    const { records } = await place.drain.until(2_000);
    expect(compare(records, 2_000)).toEqual(NOTHING_WRONG);
  });

  it('begins so long ago, or with a record of a shard, as it is told', async () => {
    await using place = await startPlace(1);
    await place.feed.put(100);
    const { kinesis } = place.feed;
    const [shard] = await kinesis.listShards(STREAM);
    const sent = await kinesis.putRecords({ stream: STREAM, records: [{ partitionKey: 'key-0', data: Buffer.from('here') }] });
    const { sequenceNumber } = sent.results[0] as { sequenceNumber: string };
    const shardStarts = { [shard!.shardId]: { type: 'at', sequenceNumber } } as const;
    const { worker } = await place.worker({ start: { type: 'back', durationMs: 3_600_000 }, shardStarts });
    expect((await place.drain.until(1)).records.map(({ data }) => Buffer.from(data).toString())).toEqual(['here']);
    await worker.stop();

    await using other = await startPlace(1);
    await other.feed.put(100);
    await other.worker({ start: { type: 'back', durationMs: 3_600_000 } });
    expect(compare((await other.drain.until(100)).records, 100)).toEqual(NOTHING_WRONG);
  });

  it('stops where it is told how a shard begins that the stream does not have', async () => {
    await using place = await startPlace(1);
    const { worker } = await place.worker({ shardStarts: { 'shardId-000000000009': { type: 'latest' } } });
    await expect(worker.done).rejects.toMatchObject({ code: 'START_UNKNOWN', details: { shardId: 'shardId-000000000009' } });
    expect(await place.leaseOwners()).toEqual([]);
  });

  it('hands its shards over when it is stopped, within two seconds and without a duplicate', async () => {
    await using place = await startPlace(4);
    const [one, two] = [await place.worker(), await place.worker()];
    await until(() => one.leases() === 2 && two.leases() === 2);
    const feeding = place.feed.put(3_000);
    await place.drain.until(500);
    using stopwatch = new Stopwatch();
    await one.worker.stop();
    expect(stopwatch.stop()).toBeLessThan(2_000);
    await until(() => two.leases() === 4);
    await feeding;

    const { records, skipped } = await place.drain.until(3_000);
    expect({ ...compare(records, 3_000), skipped }).toEqual({ ...NOTHING_WRONG, skipped: 0 });
  });

  it('enqueues only whole batches of its input, and leaves the rest to the next worker', async () => {
    await using place = await startPlace(1);
    await place.feed.put(110);
    const { worker } = await place.worker({ batching: { count: 50, byteSize: 0, periodMs: 0, check: undefined } });
    const { records } = await place.drain.until(100);
    await worker.stop();
    expect(records).toHaveLength(100);
    await place.worker({ batching: { count: 10_000, byteSize: 0, periodMs: 50, check: undefined } });
    await place.drain.until(110);
    expect(compare(records, 110)).toEqual(NOTHING_WRONG);
  });

  it('keeps each key in order over a split and a merge', async () => {
    await using place = await startPlace(2);
    await place.worker();
    await place.feed.put(1_000);
    const { kinesis } = place.feed;
    const [low, high] = await kinesis.listShards(STREAM);
    const middle = String((low!.hashRange.start + low!.hashRange.end) / 2n);
    await kinesis.sdk.send(new SplitShardCommand({ StreamName: STREAM, ShardToSplit: low!.shardId, NewStartingHashKey: middle }));
    await place.feed.put(1_000);
    const upper = (await kinesis.listShards(STREAM)).filter(({ parentShardId }) => parentShardId === low!.shardId).at(-1)!;
    await kinesis.sdk.send(
      new MergeShardsCommand({ StreamName: STREAM, ShardToMerge: upper.shardId, AdjacentShardToMerge: high!.shardId }),
    );
    await place.feed.put(1_000);

    const { records } = await place.drain.until(3_000);
    expect(compare(records, 3_000)).toEqual(NOTHING_WRONG);
    await until(async () => (await place.shardStates()).join() === 'active,active,shardEnd,shardEnd,shardEnd');
  });

  it('loses nothing, and reports no gap, at a split that the control plane is slow to show', async () => {
    await using place = await startPlace(1, { emulator: { faults: { controlPlane: { lagMs: 2_000 } } } });
    const { events } = await place.worker();
    await place.feed.put(500);
    await place.drain.until(500);
    const { kinesis } = place.feed;
    const [only] = await kinesis.listShards(STREAM);
    const middle = String((only!.hashRange.start + only!.hashRange.end) / 2n);
    await kinesis.sdk.send(new SplitShardCommand({ StreamName: STREAM, ShardToSplit: only!.shardId, NewStartingHashKey: middle }));
    await place.feed.put(1_000);

    const { records } = await place.drain.until(1_500);
    expect(compare(records, 1_500)).toEqual(NOTHING_WRONG);
    expect(events.filter(({ type }) => type === 'records.expired' || type === 'shards.uncovered')).toEqual([]);
    await until(async () => (await place.shardStates()).join() === 'active,active,shardEnd');
  });

  it('stops, and gives its leases back, when its stream of two shards is deleted and created again', async () => {
    await using place = await startPlace(2);
    const { worker, leases } = await place.worker();
    await until(() => leases() === 2);
    await place.feed.put(200);
    await place.drain.until(200);
    const { sdk } = place.feed.kinesis;
    await sdk.send(new DeleteStreamCommand({ StreamName: STREAM }));
    await until(async () => (await sdk.send(new ListStreamsCommand({}))).StreamNames!.length === 0);
    await sdk.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 2 }));

    await expect(worker.done).rejects.toMatchObject({ code: 'STREAM_RECREATED' });
    expect(await place.leaseOwners()).toEqual(['', '']);
  });

  it('reads a container of a hundred thousand records in order, and continues inside it after a restart', async () => {
    await using place = await startPlace(1, { drained: false });
    const aggregate = new Aggregator(1_048_576);
    for (let index = 0; index < 100_000; index++) aggregate.add({ partitionKey: 'key-0', data: Buffer.from([index % 256]) });
    await place.feed.kinesis.putRecords({ stream: STREAM, records: [{ partitionKey: 'key-0', data: aggregate.toBytes() }] });
    const first = await place.worker({ highWaterRecords: 20_000 });
    await until(() => first.events.some(({ type }) => type === 'reader.paused'));
    await first.worker.stop();
    const second = await place.worker();
    await using drain = await startLaneDrain(place.redis.url, 'com.example/out', LANES);

    const { records, skipped } = await drain.until(100_000);
    expect(records.map(({ origin }) => origin!.subSequenceNumber)).toEqual(Array.from({ length: 100_000 }, (_, index) => index));
    expect(skipped).toBe(0);
    const read = second.events.filter(({ type }) => type === 'records.read').reduce((sum, event) => sum + Number(event['records']), 0);
    expect(read).toBeLessThan(100_000);
  });

  it('waits for an endpoint that goes away and goes on where it was', async () => {
    await using place = await startPlace(2);
    const { events } = await place.worker();
    await place.feed.put(1_000);
    await place.drain.until(200);
    await place.emulator.pause();
    await until(() => events.some(({ type, code }) => type === 'read.failed' && code === 'KINESIS_UNAVAILABLE'));
    await place.emulator.resume();
    await place.feed.put(1_000);

    const { records } = await place.drain.until(2_000);
    expect(compare(records, 2_000)).toEqual(NOTHING_WRONG);
  });

  it('hands its shards to another worker when it alone is cut off from Kinesis', async () => {
    await using place = await startPlace(4);
    await using link = await startRedisProxy(place.emulator.endpoint.replace('http:', 'redis:'));
    const [cutOff, other] = [await place.worker({ endpoint: `http://127.0.0.1:${link.port}` }), await place.worker()];
    await until(() => cutOff.leases() === 2 && other.leases() === 2);
    link.close();
    await until(() => other.leases() === 4);
    expect([cutOff.worker.readiness().isReady, other.worker.readiness().isReady]).toEqual([false, true]);
    await place.feed.put(1_000);
    expect(compare((await place.drain.until(1_000)).records, 1_000)).toEqual(NOTHING_WRONG);
  });

  it('claims each of two hundred shards once when it starts alone, and reads them all', async () => {
    await using place = await startPlace(200);
    // Before the readers poll: all of them share this process with the feed and Kinesis.
    await place.feed.put(1_000);
    // Two hundred readers may keep a slow machine from renewing for seconds.
    const { events, leases } = await place.worker({ lease: { ttlMs: 60_000, renewIntervalMs: 1_000 } });
    await until(() => leases() === 200);
    await until(() => new Set(events.filter(({ type }) => type === 'page.read').map(({ shard }) => shard)).size === 200);
    expect(compare((await place.drain.until(1_000)).records, 1_000)).toEqual(NOTHING_WRONG);
    const count = (wanted: string) => events.filter(({ type }) => type === wanted).length;
    expect({ claimed: count('lease.claimed'), lost: count('lease.lost') }).toEqual({ claimed: 200, lost: 0 });
  });

  it('starts before its endpoint is there', async () => {
    await using place = await startPlace(1);
    await place.emulator.pause();
    const { events } = await place.worker();
    await until(() => events.some(({ type, code }) => type === 'stream.failed' && code === 'KINESIS_UNAVAILABLE'));
    await place.emulator.resume();
    await place.feed.put(100);

    expect(compare((await place.drain.until(100)).records, 100)).toEqual(NOTHING_WRONG);
  });

  it('goes on after its iterators have expired while the queue was full', async () => {
    await using place = await startPlace(1, { emulator: { iteratorExpiryMs: 500 }, drained: false });
    const { events } = await place.worker({ highWaterRecords: 200 });
    await place.feed.put(1_000);
    await until(() => events.some(({ type, records }) => type === 'page.enqueued' && Number(records) > 200));
    await place.feed.put(500);
    await until(() => events.filter(({ type }) => type === 'reader.paused').length > 4);
    await place.feed.put(500);

    await using drain = await startLaneDrain(place.redis.url, 'com.example/out', LANES);
    expect(compare((await drain.until(2_000)).records, 2_000)).toEqual(NOTHING_WRONG);
    expect(events.filter(({ code }) => code === 'ITERATOR_EXPIRED').length).toBeGreaterThan(0);
  });

  it('gets everything through although Kinesis throttles it', async () => {
    await using place = await startPlace(2, { emulator: { quotas: true } });
    const { events } = await place.worker();
    const isThrottled = () => events.some(({ code }) => code === 'KINESIS_THROTTLED');
    const competitor = readGreedily(place, isThrottled);
    await place.feed.put(3_000);

    const { records } = await place.drain.until(3_000);
    await competitor;
    expect(compare(records, 3_000)).toEqual(NOTHING_WRONG);
  });

  it('starts at the latest record once: what came while it was away is read later', async () => {
    await using place = await startPlace(1);
    await place.feed.put(100);
    // LATEST is a time, to the millisecond: the worker must start in a later one than the last record.
    const fedAtMs = Date.now();
    await until(() => Date.now() > fedAtMs);
    const first = await place.worker({ start: { type: 'latest' } });
    await until(() => first.leases() === 1);
    await first.worker.stop();
    await place.feed.put(100);
    await place.worker({ start: { type: 'latest' } });

    const { records } = await place.drain.until(100);
    const numbers = records.map(({ data }) => Number(Buffer.from(data).toString().split(':')[1])).sort((a, b) => a - b);
    expect(numbers).toEqual([...Array<number>(50).fill(2), ...Array<number>(50).fill(3)]);
  });

  it.each([
    ['a stream that does not exist', { stream: 'nowhere' }, 'STREAM_NOT_FOUND'],
    ['another number of lanes than before', { lanes: LANES + 1 }, 'LANE_COUNT_MISMATCH'],
  ])('refuses to start with %s', async (_, options, code) => {
    await using place = await startPlace(1);
    await place.worker();
    await expect(place.worker(options).then(({ worker }) => worker.done)).rejects.toMatchObject({ code });
  });

  it('refuses to start with credentials that are not accepted', async () => {
    await using place = await startPlace(1, { emulator: { acceptedAccessKeyIds: ['another'] }, drained: false });
    const { worker } = await place.worker();
    await expect(worker.done).rejects.toMatchObject({ code: 'KINESIS_ACCESS_DENIED' });
  });
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Polls a shard much faster than its quota allows until another is throttled. */
async function readGreedily(place: Place, isDone: () => boolean): Promise<void> {
  const { kinesis } = place.feed;
  const [{ shardId } = { shardId: '' }] = await kinesis.listShards(STREAM);
  const iterator = await kinesis.getShardIterator({ stream: STREAM, shardId, position: { type: 'TRIM_HORIZON' } });
  while (!isDone()) {
    await kinesis.getRecords({ stream: STREAM, shardId, iterator, limit: 1 }).catch(() => undefined);
  }
}
