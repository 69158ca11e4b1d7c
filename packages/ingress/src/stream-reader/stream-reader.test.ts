import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { StreamNotFoundError } from '@sluice/kinesis';
import { FakeKinesis } from '@sluice/kinesis/testing';
import { createLeaseKeeper } from '@sluice/lease';
import { createMemoryLeases } from '@sluice/lease/testing';
import { describe, expect, it } from 'vitest';
import { createActor, toPromise } from 'xstate';
import { ByteBudget } from '../shard-reader/byte-budget.ts';
import { PageSource } from '../shard-reader/page-source.ts';
import type { ShardReaderEmitted } from '../shard-reader/shard-reader.machine.ts';
import type { StreamReaderEmitted } from './stream-reader.machine.ts';
import { createStreamReader, type StreamReaderPorts } from './stream-reader.ts';

describe('createStreamReader', () => {
  it('reads children only after their parents, through a split and a merge', async () => {
    const place = placeOf(2);
    const [low, high] = place.shardIds();
    await place.put('before');
    place.kinesis.splitShard('s', low!);
    await place.put('split');
    const [, , lowest, middle] = place.shardIds();
    place.kinesis.mergeShards('s', middle!, high!);
    await place.put('merged');
    place.start();

    await place.until(() => place.enqueued.length === 60);
    const texts = (shardId: string) => [...new Set(place.enqueued.filter((each) => each.shardId === shardId).map(({ text }) => text))];
    const [, , , , merged] = place.shardIds();
    expect([low, high, lowest, middle, merged].map((shardId) => texts(shardId!))).toEqual([
      ['before'],
      ['before', 'split'],
      ['split', 'merged'],
      ['split'],
      ['merged'],
    ]);
    const order = place.enqueued.map(({ shardId }) => shardId);
    expect(order.lastIndexOf(low!)).toBeLessThan(order.indexOf(lowest!));
    expect(Math.max(order.lastIndexOf(middle!), order.lastIndexOf(high!))).toBeLessThan(order.indexOf(merged!));
    expect(place.ended()).toEqual([low, high, middle].sort());
  });

  it('gives a lease back, for a while, on whose shard its reader cannot begin', async () => {
    const place = placeOf(1, {
      openQueue: () => {
        throw new TypeError('no such queue');
      },
    });
    place.start();

    await place.until(() => place.told.some(({ type }) => type === 'reader.ended'));
    expect(place.told.find(({ type }) => type === 'reader.ended')).toMatchObject({
      output: { reason: 'failed', error: expect.any(TypeError) },
    });
    expect(place.keeper.leases).toEqual([]);
    expect(place.actor.getSnapshot().value).toBe('watching');
  });

  it('warns while some hash keys are covered by no shard that is still to be read', async () => {
    const place = placeOf(1);
    const [only] = place.shardIds();
    const listShards = place.kinesis.listShards.bind(place.kinesis);
    place.kinesis.splitShard('s', only!);
    // A list that is behind: the shard has ended, but its children are not in it yet.
    place.kinesis.listShards = async (stream) => (await listShards(stream)).filter(({ shardId }) => shardId === only);
    place.start();

    await place.until(() => place.told.some((event) => event.type === 'shards.reconciled' && event.uncovered.length > 0));
    place.kinesis.listShards = listShards;
    await place.until(() =>
      place.told.some((event) => event.type === 'shards.reconciled' && event.shards === 3 && event.uncovered.length === 0),
    );
  });

  it('goes on with the children of a shard that expired before it was read', async () => {
    const place = placeOf(1);
    const [parent] = place.shardIds();
    await place.know();
    place.kinesis.splitShard('s', parent!);
    place.kinesis.expireShard('s', parent!);
    await place.put('child');
    place.start();

    await place.until(() => place.enqueued.length === 20);
    expect(place.ended()).toEqual([parent]);
    expect(place.happened.filter(({ type }) => type === 'records.expired')).toEqual([
      { type: 'records.expired', checkpoint: { kind: 'TRIM_HORIZON' } },
    ]);
  });

  it('does not take a shard for ended that is open, whatever a reply says', async () => {
    const place = placeOf(1);
    const getRecords = place.kinesis.getRecords.bind(place.kinesis);
    place.kinesis.getRecords = async (input) => {
      place.kinesis.getRecords = getRecords;
      return { ...(await getRecords(input)), nextIterator: null };
    };
    place.start();
    await place.until(() => place.happened.some(({ type }) => type === 'read.failed'));
    await place.put('later');

    await place.until(() => place.enqueued.length === 20);
    expect(place.ended()).toEqual([]);
  });

  it('stops when the stream turns out to be another one of its name', async () => {
    const place = placeOf(1);
    place.start();
    await place.until(() => place.keeper.leases.length === 1);
    const stopped = toPromise(place.actor);
    place.kinesis.deleteStream('s');
    place.kinesis.expireIterators();
    place.kinesis.failNext('getShardIterator', new StreamNotFoundError('gone', {}, undefined));
    place.kinesis.createStream('s', 1, 1_800_000_000_000);

    await place.until(() => place.actor.getSnapshot().status === 'done');
    await expect(stopped).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
  });

  it('stops and gives every lease back', async () => {
    const place = placeOf(3);
    place.start();
    await place.until(() => place.keeper.leases.length === 3);
    const stopped = toPromise(place.actor);
    place.actor.send({ type: 'shutdown.requested' });

    await expect(stopped).resolves.toEqual({ reason: 'stopped', error: undefined });
    expect(place.keeper.leases).toEqual([]);
  });
});

/** A stream in memory whose shards one worker leases and reads, on a clock that moves whenever somebody waits. */
function placeOf(shards: number, replaced: Partial<StreamReaderPorts> = {}) {
  const clock = new ManualClock();
  const kinesis = new FakeKinesis();
  kinesis.createStream('s', shards);
  const connection = createMemoryLeases(clock).connect();
  const group = 'group';
  const table = connection.table({ key: 'table', group, start: { kind: 'TRIM_HORIZON' } });
  const enqueued: Array<{ readonly shardId: string; readonly text: string }> = [];
  const told: StreamReaderEmitted[] = [];
  const happened: ShardReaderEmitted[] = [];
  const budget = new ByteBudget(1e7, clock);
  const settings = { stream: 's', clock, pollIntervalMs: 200, maxRecordsPerRead: 10_000, checkpointLimit: undefined, adaptiveReads: false };
  const ports: StreamReaderPorts = {
    kinesis,
    table,
    leases: { release: (lease, options) => keeper.release(lease, options) },
    openPages: ({ shardId, lease }) => new PageSource({ ...settings, kinesis, shardId, lease, budget }),
    openQueue: ({ shardId }) => ({
      enqueue: async ({ records }) => {
        for (const { data } of records) enqueued.push({ shardId, text: Buffer.from(data).toString() });
      },
    }),
    tell: (_, event) => happened.push(event),
    clock,
    random: () => 0.5,
    ...replaced,
  };
  const reader = createStreamReader(ports, { stream: 's', shardIds: undefined });
  const actor = createActor(reader, { clock, input: { stream: 's', discoveryIntervalMs: 1_000, random: () => 0.5 } });
  actor.on('*', (event) => told.push(event));
  const keeper = createLeaseKeeper({
    store: connection.store,
    group,
    worker: 'me',
    resources: () => table.resources(),
    emit: (event) => {
      if ('lease' in event) actor.send({ ...event, shardId: event.lease.facts['shardId']! });
    },
    clock,
    logger: silentLogger,
  });
  return {
    ...{ kinesis, actor, keeper, enqueued, told, happened },
    shardIds: () => kinesis.shardIds('s'),
    ended: () =>
      told.flatMap((event) => (event.type === 'reader.ended' && event.output.reason === 'shardEnd' ? [event.shardId] : [])).sort(),
    async put(text: string) {
      const records = Array.from({ length: 20 }, (_, index) => ({ partitionKey: `key-${index}`, data: Buffer.from(text) }));
      await kinesis.putRecords({ stream: 's', records });
    },
    /** Makes the rows of the shards that are there now, as an earlier worker would have. */
    async know() {
      const { arn, createdAtMs } = await kinesis.describeStream('s');
      const shards = kinesis.shardIds('s').map((shardId) => ({ shardId, parents: [] }));
      await table.create({ streamArn: arn, streamCreatedAtMs: createdAtMs }, shards);
    },
    start() {
      actor.start();
      keeper.start();
    },
    async until(condition: () => boolean) {
      for (let turn = 0; turn < 10_000 && !condition(); turn++) {
        clock.advance(10);
        await new Promise(setImmediate);
      }
      expect(condition()).toBe(true);
    },
  };
}
