import { SplitShardCommand } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { compare } from './testing/keyed-feed.ts';
import { startLaneDrain } from './testing/lane-drain.ts';
import { LANES, STREAM, startPlace } from './testing/place.ts';

const NOTHING_WRONG = { lost: 0, duplicated: 0, outOfOrder: 0 };
const FAN_OUT = { isFanOut: true } as const;
/** Subscriptions can be taken over at once, and are never silent for long. */
const HASTE = { takeOverAfterMs: 0, heartbeatMs: 100 };

describe('an ingress worker with enhanced fan-out', () => {
  it('shares the shards out with another one, and each subscribes to its own', async () => {
    const requests: string[] = [];
    await using place = await startPlace(4, { emulator: { ...HASTE, onRequest: ({ operation }) => void requests.push(operation) } });
    const [one, two] = [await place.worker(FAN_OUT), await place.worker(FAN_OUT)];
    await until(() => one.leases() === 2 && two.leases() === 2);
    await place.feed.put(2_000);

    expect(compare((await place.drain.until(2_000)).records, 2_000)).toEqual(NOTHING_WRONG);
    expect(requests.filter((operation) => operation === 'RegisterStreamConsumer').length).toBeGreaterThan(0);
    // The worker that comes second to register the consumer polls for a moment.
    await until(() => place.emulator.subscriptions(STREAM).length === 4);
  });

  it('goes through broken connections, subscriptions that are cut off, and renewals without a gap', async () => {
    await using place = await startPlace(2, { emulator: { ...HASTE, subscriptionLifetimeMs: 6_000 } });
    const { events, leases } = await place.worker(FAN_OUT);
    await until(() => leases() === 2 && place.emulator.subscriptions(STREAM).length === 2);
    const [first, second] = place.emulator.subscriptions(STREAM);
    const feeding = place.feed.put(3_000);
    await place.drain.until(500);
    first!.reset();
    second!.end();
    await until(() => events.filter(({ type }) => type === 'shard.unsubscribed').length >= 2);
    await feeding;

    expect(compare((await place.drain.until(3_000)).records, 3_000)).toEqual(NOTHING_WRONG);
    await until(() => place.emulator.subscriptions(STREAM).length === 2);
    // From now on each subscription lives out its time.
    const begun = events.filter(({ type }) => type === 'shard.subscribed').length;
    await until(() => events.filter(({ type }) => type === 'shard.subscribed').length >= begun + 2);
    await place.feed.put(500);
    expect(compare((await place.drain.until(3_500)).records, 3_500)).toEqual(NOTHING_WRONG);
  });

  it('follows a split, children after their parent', async () => {
    await using place = await startPlace(1, { emulator: HASTE });
    await place.worker(FAN_OUT);
    await until(() => place.emulator.subscriptions(STREAM).length === 1);
    await place.feed.put(500);
    const { sdk } = place.feed.kinesis;
    const half = String(2n ** 127n);
    await sdk.send(new SplitShardCommand({ StreamName: STREAM, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: half }));
    await place.feed.put(500);

    expect(compare((await place.drain.until(1_000)).records, 1_000)).toEqual(NOTHING_WRONG);
    await until(async () => (await place.shardStates()).join() === 'active,active,shardEnd');
    await until(() => place.emulator.subscriptions(STREAM).length === 2);
  });

  it('keeps what the lanes have no room for with the service', async () => {
    await using place = await startPlace(1, { emulator: HASTE, drained: false });
    const { events } = await place.worker({ ...FAN_OUT, highWaterRecords: 100 });
    await place.feed.put(500);
    await until(() => events.some(({ type }) => type === 'reader.paused'));
    await place.feed.put(1_500);

    await using drain = await startLaneDrain(place.redis.url, 'com.example/out', LANES);
    expect(compare((await drain.until(2_000)).records, 2_000)).toEqual(NOTHING_WRONG);
  });

  it('polls where the endpoint has no fan-out', async () => {
    await using place = await startPlace(1, {
      emulator: { faults: { RegisterStreamConsumer: { errorRate: 1, errors: ['AccessDeniedException'] } } },
    });
    const { events } = await place.worker(FAN_OUT);
    await place.feed.put(500);
    expect(compare((await place.drain.until(500)).records, 500)).toEqual(NOTHING_WRONG);
    expect(events).toContainEqual(expect.objectContaining({ type: 'shard.unsubscribed', code: 'KINESIS_ACCESS_DENIED' }));
  });
});

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}
