import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KinesisPush, ShardSubscription, StartingPosition } from '../ports.ts';
import type { KinesisUnderTest } from './kinesis.conformance.ts';

export interface KinesisPushUnderTest extends KinesisUnderTest {
  readonly push: KinesisPush;
  deregisterConsumer(consumerArn: string): Promise<void>;
  /** Ends the open subscriptions to the shards of a stream as their time does. */
  expireSubscriptions(stream: string): Promise<void>;
}

/** What the port of enhanced fan-out promises, for every implementation. */
export function describeKinesisPush(name: string, connect: () => Promise<KinesisPushUnderTest>): void {
  describe(`${name} as a Kinesis that pushes`, () => {
    let under: KinesisPushUnderTest;
    let streams = 0;

    beforeAll(async () => {
      under = await connect();
    });
    afterAll(async () => {
      await under[Symbol.asyncDispose]();
    });

    const newShard = async () => {
      const stream = `push-${++streams}`;
      await under.createStream(stream, 1);
      const { arn: streamArn } = await under.kinesis.describeStream(stream);
      const { arn: consumerArn } = await under.push.registerConsumer({ streamArn, name: 'app' });
      const shardId = (await under.kinesis.listShards(stream))[0]!.shardId;
      return { stream, streamArn, shardId, consumerArn };
    };
    type Shard = Awaited<ReturnType<typeof newShard>>;
    const put = async ({ stream }: Shard, ...texts: string[]) => {
      const records = texts.map((text) => ({ partitionKey: 'für 😀 "', data: Buffer.from(text) }));
      const { results } = await under.kinesis.putRecords({ stream, records });
      return results.map((result) => ('sequenceNumber' in result ? result.sequenceNumber : result.errorCode));
    };
    const subscribe = ({ stream, shardId, consumerArn }: Shard, position: StartingPosition) =>
      under.push.subscribeToShard({ stream, shardId, consumerArn, position });

    it('registers a consumer, and finds it by its name', async () => {
      const { streamArn, consumerArn } = await newShard();
      await expect(under.push.findConsumer({ streamArn, name: 'app' })).resolves.toEqual({ arn: consumerArn, isActive: true });
      await expect(under.push.findConsumer({ streamArn, name: 'other' })).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
    });

    it('pushes what is and what comes, with where it came from', async () => {
      const shard = await newShard();
      const before = await put(shard, 'one', 'two');
      using subscription = await subscribe(shard, { type: 'TRIM_HORIZON' });
      const old = await nextRecords(subscription, 2);
      const waiting = nextRecords(subscription, 1);
      const after = await put(shard, 'three');
      const records = [...old.records, ...(await waiting).records];

      expect(records.map(({ data }) => Buffer.from(data).toString())).toEqual(['one', 'two', 'three']);
      expect(records.map(({ origin }) => [origin?.stream, origin?.shardId, origin?.sequenceNumber])).toEqual(
        [...before, ...after].map((number) => [shard.stream, shard.shardId, number]),
      );
      expect(records[0]!.partitionKey).toBe('für 😀 "');
      expect(records[0]!.origin!.arrivalTimeMs).toBeGreaterThanOrEqual(0);
    });

    it('begins where it is told, and says where to continue', async () => {
      const shard = await newShard();
      const [first, second] = await put(shard, 'one', 'two', 'three');
      const from = async (position: StartingPosition) => {
        using subscription = await subscribe(shard, position);
        const { records, continuesAfter } = await nextRecords(subscription, 1);
        return [Buffer.from(records[0]!.data).toString(), continuesAfter];
      };
      const third = await lastNumber(shard);
      expect(await from({ type: 'AT_SEQUENCE_NUMBER', sequenceNumber: second! })).toEqual(['two', third]);
      expect(await from({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: first! })).toEqual(['two', third]);
      expect(await from({ type: 'AT_TIMESTAMP', timestampMs: 0 })).toEqual(['one', third]);
    });

    const lastNumber = async (shard: Shard) => {
      using subscription = await subscribe(shard, { type: 'TRIM_HORIZON' });
      return (await nextRecords(subscription, 3)).continuesAfter;
    };

    it('sends an event without records where there are none, after which a further subscription continues', async () => {
      const shard = await newShard();
      const first = await subscribe(shard, { type: 'TRIM_HORIZON' });
      expect(await first.arrival()).toBeDefined();
      const { rawCount, nextIterator } = await first.read();
      first[Symbol.dispose]();
      await put(shard, 'one');
      using second = await subscribe(shard, { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: nextIterator! });
      expect([rawCount, Buffer.from((await nextRecords(second, 1)).records[0]!.data).toString()]).toEqual([0, 'one']);
    });

    it('says when a subscription has come to its time', async () => {
      const shard = await newShard();
      using subscription = await subscribe(shard, { type: 'TRIM_HORIZON' });
      await subscription.arrival();
      await subscription.read();
      const ended = subscription.arrival();
      await under.expireSubscriptions(shard.stream);
      await expect(ended).resolves.toBeUndefined();
    });

    it('ends a subscription that is taken over', async () => {
      const shard = await newShard();
      using first = await subscribe(shard, { type: 'TRIM_HORIZON' });
      await first.arrival();
      await first.read();
      const ended = expect(first.arrival()).rejects.toMatchObject({ code: 'SUBSCRIPTION_DISPLACED', disposition: 'retry' });
      using _second = await subscribe(shard, { type: 'TRIM_HORIZON' });
      await ended;
    });

    it('names the children at the end of a shard', async () => {
      const shard = await newShard();
      await put(shard, 'one');
      using subscription = await subscribe(shard, { type: 'TRIM_HORIZON' });
      await nextRecords(subscription, 1);
      await under.splitShard(shard.stream, shard.shardId);
      await subscription.arrival();
      const { nextIterator, childShards } = await subscription.read();
      const children = (await under.kinesis.listShards(shard.stream)).filter(({ parentShardId }) => parentShardId === shard.shardId);
      expect(nextIterator).toBeNull();
      expect(childShards).toEqual(children.map(({ shardId }) => ({ shardId, parents: [shard.shardId] })));
    });

    it('knows neither consumers nor shards that there are not', async () => {
      const shard = await newShard();
      const position = { type: 'TRIM_HORIZON' } as const;
      await expect(subscribe({ ...shard, shardId: 'shardId-000000000009' }, position)).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
      using subscription = await subscribe(shard, position);
      await subscription.arrival();
      await subscription.read();
      const ended = expect(subscription.arrival()).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
      await under.deregisterConsumer(shard.consumerArn);
      await ended;
      await expect(subscribe(shard, position)).rejects.toMatchObject({ code: 'STREAM_NOT_FOUND' });
    });
  });
}

/** So many records, from as many events as it takes, and where the last of those says to continue. */
async function nextRecords(subscription: ShardSubscription, count: number) {
  const records = [];
  let continuesAfter: string | null = null;
  while (records.length < count) {
    if ((await subscription.arrival()) === undefined) throw new Error('the subscription ended');
    const page = await subscription.read();
    records.push(...page.recordsAfter().take());
    continuesAfter = page.nextIterator;
  }
  return { records, continuesAfter };
}
