import { defaultReaderSettings } from '@sluice/config';
import { silentLogger, WeightedBudget } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { StreamNotFoundError } from '@sluice/kinesis';
import { FakeKinesis } from '@sluice/kinesis/testing';
import { createLeaseKeeper } from '@sluice/lease';
import { createMemoryLeases } from '@sluice/lease/testing';
import { describe, expect, it } from 'vitest';
import { createActor, createEmptyActor, toPromise } from 'xstate';
import { PageBudget } from '../shard-reader/page-budget.ts';
import type { ShardReport } from '../shard-reader/shard-session.ts';
import { FREE_TURNS } from '../testing/page-source-rig.ts';
import { createStreamSource, type StreamSourceOptions } from './create-stream-source.ts';
import { streamReaderMachine } from './stream-reader.machine.ts';
import type { StreamReport } from './stream-source.ts';

describe('a stream reader', () => {
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
    // The lanes need not remember them any more.
    await place.until(() => place.endedInLanes.length === 3);
    await place.until(() => place.reconciliations().length > 5);
    expect(place.endedInLanes.toSorted()).toEqual([low, high, middle].sort());
  });

  it('gives a lease back, for a while, on whose shard its reader cannot begin', async () => {
    const place = placeOf(1, {
      openQueue: () => {
        throw new TypeError('no such queue');
      },
    });
    place.start();

    await place.until(() => place.happened.some(({ type }) => type === 'reader.ended'));
    expect(place.happened.find(({ type }) => type === 'reader.ended')).toMatchObject({ reason: 'failed', error: expect.any(TypeError) });
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

    await place.until(() => place.reconciliations().some(({ uncovered }) => uncovered.length > 0));
    place.kinesis.listShards = listShards;
    await place.until(() => place.reconciliations().some(({ shards, uncovered }) => shards === 3 && uncovered.length === 0));
  });

  it('continues with the children of a shard that expired before it was read', async () => {
    const place = placeOf(1, { ageHours: 25 });
    const [parent] = place.shardIds();
    await place.know();
    place.kinesis.splitShard('s', parent!);
    place.kinesis.expireShard('s', parent!);
    await place.put('child');
    place.start();

    await place.until(() => place.enqueued.length === 20);
    expect(place.ended()).toEqual([parent]);
    expect(place.happened.filter(({ type }) => type === 'records.expired')).toEqual([
      { type: 'records.expired', shardId: parent, checkpoint: { kind: 'TRIM_HORIZON' } },
    ]);
  });

  it.each([
    ['the stream is younger than its retention', { ageHours: 23 }],
    ['its parent is still listed', { ageHours: 25 }],
  ])('waits for a child that the control plane does not know yet: %s', async (_, options) => {
    const place = placeOf(1, options);
    const [parent] = place.shardIds();
    await place.put('parent');
    place.kinesis.splitShard('s', parent!);
    await place.put('child');
    const children = place.shardIds().slice(1);
    place.lag(children);
    place.start();

    await place.until(() => place.happened.filter((event) => event.type === 'read.failed').length >= 20);
    expect([place.enqueued.length, place.ended()]).toEqual([20, [parent]]);
    place.lag([]);
    await place.until(() => place.enqueued.length === 40);
    expect([place.ended(), place.happened.filter(({ type }) => type === 'records.expired')]).toEqual([[parent], []]);
  });

  it('keeps the row of a shard that was read to its end while a list does not hold it, so that it is not read again', async () => {
    const place = placeOf(1);
    const [parent] = place.shardIds();
    await place.put('parent');
    place.kinesis.splitShard('s', parent!);
    place.start();
    await place.until(() => place.ended().length === 1);
    place.lag([parent!]);
    await place.until(() => place.reconciliations().filter(({ shards }) => shards === 2).length === 5);
    const listedBefore = place.reconciliations().length;
    place.lag([]);
    await place.put('children');

    await place.until(() => place.enqueued.length === 40);
    await place.until(() => place.reconciliations().length === listedBefore + 5);
    expect(place.enqueued).toHaveLength(40);
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

  it('does not take a shard for ended that no list holds, whatever a reply says', async () => {
    const place = placeOf(1);
    const [only] = place.shardIds();
    await place.know();
    place.endReplies();
    const listShards = place.kinesis.listShards.bind(place.kinesis);
    place.kinesis.splitShard('s', only!);
    place.kinesis.listShards = async (stream) => (await listShards(stream)).filter(({ shardId }) => shardId !== only);
    place.start();
    await place.until(() => place.happened.filter(({ type }) => type === 'read.failed').length === 5);
    expect(place.ended()).toEqual([]);
    place.kinesis.listShards = listShards;
    await place.until(() => place.ended().length === 1);
  });

  it.each([1, 2, 5])('stops, and gives every lease back, when its stream of %i shards turns out to be another one', async (shards) => {
    const place = placeOf(shards);
    place.start();
    await place.until(() => place.keeper.leases.length === shards);
    const stopped = toPromise(place.actor);
    place.kinesis.deleteStream('s');
    place.kinesis.expireIterators();
    place.kinesis.createStream('s', shards, 1_800_000_000_000);
    await place.put('of another stream');

    await place.until(() => place.actor.getSnapshot().status === 'done');
    await expect(stopped).resolves.toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect([place.keeper.leases, place.enqueued]).toEqual([[], []]);
  });

  it('stops where it is told to read a shard that the stream does not have', async () => {
    const place = placeOf(2, { shardIds: ['0'] });
    place.start();
    await place.until(() => place.actor.getSnapshot().status === 'done');
    await expect(toPromise(place.actor)).resolves.toMatchObject({ reason: 'failed', error: { code: 'SHARD_UNKNOWN' } });
    expect(place.keeper.leases).toEqual([]);
  });

  it('notices with the next list that its stream is another one, though its iterators still work', async () => {
    const place = placeOf(2);
    place.start();
    await place.until(() => place.keeper.leases.length === 2);
    place.kinesis.recreateStream('s', 1_800_000_000_000);

    await place.until(() => place.actor.getSnapshot().status === 'done');
    expect(place.actor.getSnapshot().output).toMatchObject({ reason: 'failed', error: { code: 'STREAM_RECREATED' } });
    expect(place.keeper.leases).toEqual([]);
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

interface PlaceOptions extends Partial<StreamSourceOptions> {
  /** How old the stream is. */
  readonly ageHours?: number;
}

/** A stream in memory whose shards one worker leases and reads, on a clock that moves whenever something waits. */
function placeOf(shards: number, { ageHours = 0, ...replaced }: PlaceOptions = {}) {
  const clock = new ManualClock();
  const kinesis = new FakeKinesis();
  kinesis.createStream('s', shards, clock.now() - ageHours * 3_600_000);
  const connection = createMemoryLeases(clock).connect();
  const group = 'group';
  const table = connection.table({ key: 'table', group, start: { kind: 'TRIM_HORIZON' } });
  const enqueued: Array<{ readonly shardId: string; readonly text: string }> = [];
  const endedInLanes: string[] = [];
  const told: StreamReport[] = [];
  const happened: Array<ShardReport & { readonly shardId: string }> = [];
  const source = createStreamSource({
    ...{ stream: 's', target: 'out', shardIds: undefined, kinesis, table, clock },
    reader: { ...defaultReaderSettings, shardDiscoveryIntervalMs: 1_000 },
    budget: new PageBudget({ bytes: 1e7, records: 1e5 }, clock),
    openings: new WeightedBudget({ bytes: 0, records: 16 }),
    batching: undefined,
    gathered: new WeightedBudget({ bytes: 0, records: 0 }),
    openTurns: () => FREE_TURNS,
    openQueue: ({ shardId }) => ({
      enqueue: async (records) => {
        for (const { data } of records) enqueued.push({ shardId, text: Buffer.from(data).toString() });
      },
    }),
    endShards: async (_, shardIds) => void endedInLanes.push(...shardIds),
    release: (lease, options) => keeper.release(lease, options),
    report: (shardId, event) => happened.push({ ...event, shardId }),
    onError: 'pass',
    storeRefused: async () => undefined,
    reportStream: (event) => told.push(event),
    random: () => 0.5,
    ...replaced,
  });
  const actor = createActor(streamReaderMachine, { clock, input: { source, ingress: createEmptyActor() } });
  const keeper = createLeaseKeeper({
    store: connection.store,
    group,
    worker: 'me',
    resources: () => table.resources(),
    emit: (event) => {
      if ('lease' in event && actor.getSnapshot().status === 'active') actor.send({ ...event, shardId: event.lease.facts['shardId']! });
    },
    clock,
    logger: silentLogger,
  });
  return {
    ...{ kinesis, actor, keeper, enqueued, endedInLanes, told, happened },
    shardIds: () => kinesis.shardIds('s'),
    reconciliations: () => told.flatMap((event) => (event.type === 'shards.reconciled' ? [event.reconciliation] : [])),
    ended: () => happened.flatMap((event) => (event.type === 'reader.ended' && event.reason === 'shardEnd' ? [event.shardId] : [])).sort(),
    async put(text: string) {
      const records = Array.from({ length: 20 }, (_, index) => ({ partitionKey: `key-${index}`, data: Buffer.from(text) }));
      await kinesis.putRecords({ stream: 's', records });
    },
    /** Makes the control plane forget some shards. */
    lag(hidden: readonly string[]) {
      const { listShards, getShardIterator } = FakeKinesis.prototype;
      kinesis.listShards = async (stream) => (await listShards.call(kinesis, stream)).filter(({ shardId }) => !hidden.includes(shardId));
      kinesis.getShardIterator = async (input) => {
        if (hidden.includes(input.shardId)) throw new StreamNotFoundError('no such shard', {}, undefined);
        return getShardIterator.call(kinesis, input);
      };
    },
    /** Replies end every shard, and name no children. */
    endReplies() {
      const { getRecords } = FakeKinesis.prototype;
      kinesis.getRecords = async (input) => ({ ...(await getRecords.call(kinesis, input)), nextIterator: null, childShards: [] });
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
      for (let turn = 0; turn < 100_000 && !condition(); turn++) {
        clock.advance(10);
        await new Promise(setImmediate);
      }
      expect(condition()).toBe(true);
    },
  };
}
