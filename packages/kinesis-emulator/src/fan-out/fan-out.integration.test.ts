import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import {
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KinesisEmulatorOptions, startKinesisEmulator } from '../emulator.ts';
import { KinesisTarget } from '../testing/target.ts';

const SHARD = 'shardId-000000000000';

describe('fan-out of the emulator', () => {
  it('ends a subscription after five minutes', async () => {
    const { clock, subscribe } = await emulatorOf();
    const events = await subscribe();
    await events.next();
    clock.advance(299_999);
    expect(await events.next()).toMatchObject({ SubscribeToShardEvent: { Records: [] } });
    clock.advance(1);
    expect((await events.untilEnd()).flatMap(({ SubscribeToShardEvent: event }) => event!.Records!)).toEqual([]);
  });

  it('lets a subscription that is five seconds old be taken over, and ends it with an error', async () => {
    const { clock, subscribe } = await emulatorOf();
    const first = await subscribe();
    clock.advance(4_999);
    await expect(subscribe()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    clock.advance(1_000);
    const second = await subscribe();
    await expect(first.untilEnd()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await second.next();
  });

  it('allows one call a second for a shard, also one that is refused', async () => {
    const { clock, subscribe } = await emulatorOf();
    await subscribe();
    await expect(subscribe()).rejects.toMatchObject({ name: 'LimitExceededException' });
    clock.advance(1_000);
    await expect(subscribe()).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('sends an event without records when a shard has been silent for five seconds', async () => {
    const { clock, subscribe } = await emulatorOf();
    const events = await subscribe();
    const [first] = [await events.next()];
    const second = events.next();
    clock.advance(5_000);
    expect(await second).toEqual(first);
  });

  it('pushes no more than 2 MiB a second', async () => {
    const { clock, target, subscribe, emulator } = await emulatorOf();
    emulator.account.createStream({ name: 'unused', shardCount: 1 });
    for (let second = 0; second < 4; second++) {
      const records = Array.from({ length: 9 }, () => ({ PartitionKey: 'k', Data: Buffer.alloc(100_000) }));
      await target.client.send(new PutRecordsCommand({ StreamName: 's', Records: records }));
      clock.advance(1_000);
    }
    const events = await subscribe();
    const sizes = [await events.size(), await events.size(), await events.size()];
    const last = events.size();
    // Nothing more within what is left of the second: only with time it comes.
    await expect(Promise.race([last, new Promise((resolve) => setImmediate(() => resolve('nothing yet')))])).resolves.toBe('nothing yet');
    clock.advance(1_000);
    expect([...sizes, await last].reduce((sum, size) => sum + size, 0)).toBe(3_600_000);
  });

  it('registers twenty consumers, five at a time, and counts them', async () => {
    const { clock, target, streamArn } = await emulatorOf({ stateDelayMs: 1_000 });
    clock.advance(1_000);
    const register = (name: string) => target.client.send(new RegisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: name }));
    for (let index = 0; index < 20; index++) {
      if (index > 0 && index % 5 === 0) {
        await expect(register('one-too-many')).rejects.toMatchObject({ name: 'LimitExceededException' });
        clock.advance(1_000);
      }
      await register(`consumer-${index}`);
    }
    clock.advance(1_000);
    await expect(register('one-too-many')).rejects.toMatchObject({ name: 'LimitExceededException' });
    const { StreamDescriptionSummary: summary } = await target.client.send(new DescribeStreamSummaryCommand({ StreamName: 's' }));
    expect(summary?.ConsumerCount).toBe(20);
  });

  it('refuses to subscribe for a consumer that is not active yet', async () => {
    const { clock, target, streamArn, subscribe } = await emulatorOf({ stateDelayMs: 1_000 });
    clock.advance(1_000);
    const { Consumer: consumer } = await target.client.send(
      new RegisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: 'late' }),
    );
    await expect(subscribe(consumer!.ConsumerARN!)).rejects.toMatchObject({ name: 'ResourceInUseException' });
    clock.advance(1_000);
    await subscribe(consumer!.ConsumerARN!);
  });

  it('ends a subscription whose consumer goes, and keeps a stream that has consumers', async () => {
    const { target, streamArn, subscribe } = await emulatorOf();
    const events = await subscribe();
    const deleted = target.client.send(new DeleteStreamCommand({ StreamName: 's' }));
    await expect(deleted).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await target.client.send(new DeregisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: 'app' }));
    await expect(events.untilEnd()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await target.client.send(new DeleteStreamCommand({ StreamName: 's' }));
  });

  it('plays a connection that breaks off, and one that falls silent', async () => {
    const { emulator, clock, subscribe } = await emulatorOf();
    const events = await subscribe();
    await events.next();
    const [subscription] = emulator.subscriptions('s');
    subscription!.hush();
    const silent = events.next();
    clock.advance(60_000);
    await expect(Promise.race([silent, new Promise((resolve) => setImmediate(() => resolve('nothing')))])).resolves.toBe('nothing');
    subscription!.reset();
    // The SDK takes a connection that is gone for an end.
    expect(await silent).toBeUndefined();
    expect(emulator.subscriptions('s')).toEqual([]);
  });

  it('keeps consumers in the data file', async () => {
    const dataFile = `${await mkdtemp(`${tmpdir()}/consumers-`)}/data`;
    const first = await emulatorOf({ dataFile });
    await first.emulator[Symbol.asyncDispose]();
    const { target, streamArn } = await emulatorOf({ dataFile, isKept: true });
    const command = new DescribeStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: 'app' });
    expect((await target.client.send(command)).ConsumerDescription).toMatchObject({
      ConsumerStatus: 'ACTIVE',
      ConsumerARN: first.consumer,
    });
  });
});

/** An emulator with the stream `s` of one shard, and its consumer `app`. */
async function emulatorOf({ isKept = false, ...options }: KinesisEmulatorOptions & { readonly isKept?: boolean } = {}) {
  const clock = new ManualClock();
  const emulator = await startKinesisEmulator({ clock, streams: { s: 1 }, ...options });
  const target = new KinesisTarget(emulator.endpoint);
  onTestFinished(async () => {
    target.close();
    await emulator[Symbol.asyncDispose]();
  });
  const streamArn = emulator.account.arnOf('s');
  let consumer = `${streamArn}/consumer/app:0`;
  if (!isKept && !options.stateDelayMs) {
    const command = new RegisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: 'app' });
    consumer = (await target.client.send(command)).Consumer!.ConsumerARN!;
  }
  const subscribe = async (consumerArn = consumer) => {
    const command = new SubscribeToShardCommand({ ConsumerARN: consumerArn, ShardId: SHARD, StartingPosition: { Type: 'TRIM_HORIZON' } });
    return eventsOf((await target.subscriber.send(command)).EventStream!);
  };
  return { emulator, target, clock, streamArn, consumer, subscribe };
}

function eventsOf(stream: AsyncIterable<SubscribeToShardEventStream>) {
  const iterator = stream[Symbol.asyncIterator]();
  const next = async () => (await iterator.next()).value as SubscribeToShardEventStream | undefined;
  return {
    next,
    /** Bytes of data in the next event. */
    async size(): Promise<number> {
      const records = (await next())?.SubscribeToShardEvent?.Records ?? [];
      return records.reduce((sum, { Data: data }) => sum + data!.length, 0);
    },
    /** The events that are left. */
    async untilEnd(): Promise<SubscribeToShardEventStream[]> {
      const left: SubscribeToShardEventStream[] = [];
      for (let event = await next(); event !== undefined; event = await next()) left.push(event);
      return left;
    },
  };
}
