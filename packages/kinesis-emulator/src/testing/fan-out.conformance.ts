import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  ListStreamConsumersCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis';
import { expect } from 'vitest';
import type { Check } from './differences.ts';
import type { KinesisTarget } from './target.ts';

const SHARD = 'shardId-000000000000';

/** Consumers, and subscriptions over HTTP/2 with the SDK's own client. */
export function checkFanOut(check: Check): void {
  check('registers a consumer, describes it by name and by ARN, and deregisters it', async (target) => {
    const arn = await arnOf(target, await target.createStream());
    const { Consumer: registered } = await target.client.send(new RegisterStreamConsumerCommand({ StreamARN: arn, ConsumerName: 'app' }));
    expect(registered).toMatchObject({ ConsumerName: 'app', ConsumerStatus: 'CREATING' });
    expect(registered?.ConsumerARN).toMatch(`${arn}/consumer/app:`);
    const consumerArn = await untilActive(target, arn, 'app');

    const { ConsumerDescription: byArn } = await target.client.send(new DescribeStreamConsumerCommand({ ConsumerARN: consumerArn }));
    expect(byArn).toMatchObject({ ConsumerName: 'app', ConsumerARN: registered?.ConsumerARN, StreamARN: arn, ConsumerStatus: 'ACTIVE' });
    await target.client.send(new DeregisterStreamConsumerCommand({ ConsumerARN: consumerArn }));
    await untilGone(target, arn, 'app');
  });

  check('refuses a consumer whose name is taken', async (target) => {
    const arn = await arnOf(target, await target.createStream());
    await register(target, arn, 'app');
    await expect(target.client.send(new RegisterStreamConsumerCommand({ StreamARN: arn, ConsumerName: 'app' }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
  });

  check('does not know a consumer that was never registered', async (target) => {
    const arn = await arnOf(target, await target.createStream());
    const described = target.client.send(new DescribeStreamConsumerCommand({ StreamARN: arn, ConsumerName: 'nobody' }));
    await expect(described).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const subscribed = subscribe(target, `${arn}/consumer/nobody:1700000000`, { Type: 'TRIM_HORIZON' });
    await expect(subscribed).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  check('lists consumers in pages', async (target) => {
    const arn = await arnOf(target, await target.createStream());
    for (const name of ['a', 'b', 'c']) await register(target, arn, name);
    const first = await target.client.send(new ListStreamConsumersCommand({ StreamARN: arn, MaxResults: 2 }));
    const second = await target.client.send(new ListStreamConsumersCommand({ StreamARN: arn, NextToken: first.NextToken }));
    expect([first, second].map(({ Consumers: page }) => page!.map(({ ConsumerName }) => ConsumerName))).toEqual([['a', 'b'], ['c']]);
    expect(second.NextToken).toBeUndefined();
  });

  check('pushes what a shard holds and what comes, with the number to continue from', async (target) => {
    const name = await target.createStream();
    const consumer = await register(target, await arnOf(target, name), 'app');
    const before = await putAll(target, name, ['a', 'b']);
    await using events = await subscribe(target, consumer, { Type: 'TRIM_HORIZON' });
    const old = await events.texts(2);
    const after = await putAll(target, name, ['c']);

    expect([...old, ...(await events.texts(1))]).toEqual(['a', 'b', 'c']);
    expect(events.numbers).toEqual([...before, ...after]);
    expect(events.last).toMatchObject({ ContinuationSequenceNumber: after[0], MillisBehindLatest: 0 });
  });

  check('begins a subscription at and after a sequence number, at a time, and with what comes', async (target) => {
    const name = await target.createStream();
    const arn = await arnOf(target, name);
    const [, second] = await putAll(target, name, ['a', 'b', 'c']);
    const from = async (consumer: string, position: StartingPosition, count: number) => {
      await using events = await subscribe(target, await register(target, arn, consumer), position);
      return await events.texts(count);
    };
    expect(await from('at', { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: second }, 2)).toEqual(['b', 'c']);
    expect(await from('after', { Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: second }, 1)).toEqual(['c']);
    expect(await from('time', { Type: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() - 3_600_000) }, 3)).toEqual(['a', 'b', 'c']);

    await using latest = await subscribe(target, await register(target, arn, 'latest'), { Type: 'LATEST' });
    await latest.silence();
    await putAll(target, name, ['d']);
    expect(await latest.texts(1)).toEqual(['d']);
  });

  check('ends a subscription with the children of its shard', async (target) => {
    const name = await target.createStream();
    const consumer = await register(target, await arnOf(target, name), 'app');
    await using events = await subscribe(target, consumer, { Type: 'TRIM_HORIZON' });
    await putAll(target, name, ['a']);
    await events.texts(1);
    await target.client.send(new SplitShardCommand({ StreamName: name, ShardToSplit: SHARD, NewStartingHashKey: '17' }));
    for (let event = 0; event < 10 && events.last?.ChildShards === undefined; event++) await events.next();

    expect(events.last?.ContinuationSequenceNumber).toBeUndefined();
    expect(events.last?.ChildShards?.map((child) => [child.ShardId, child.ParentShards])).toEqual([
      ['shardId-000000000001', [SHARD]],
      ['shardId-000000000002', [SHARD]],
    ]);
  });

  check('refuses a second subscription within five seconds', async (target) => {
    const name = await target.createStream();
    const consumer = await register(target, await arnOf(target, name), 'app');
    await using first = await subscribe(target, consumer, { Type: 'TRIM_HORIZON' });
    await expect(subscribe(target, consumer, { Type: 'TRIM_HORIZON' })).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await putAll(target, name, ['a']);
    expect(await first.texts(1)).toEqual(['a']);
  });

  check('refuses to subscribe to a shard that there is not', async (target) => {
    const consumer = await register(target, await arnOf(target, await target.createStream()), 'app');
    await expect(subscribe(target, consumer, { Type: 'TRIM_HORIZON' }, 'shardId-000000000009')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  check('refuses a starting position without its sequence number', async (target) => {
    const consumer = await register(target, await arnOf(target, await target.createStream()), 'app');
    await expect(subscribe(target, consumer, { Type: 'AT_SEQUENCE_NUMBER' })).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });
}

async function arnOf({ describe }: KinesisTarget, name: string): Promise<string> {
  return (await describe(name)).StreamARN!;
}

/** The ARN of a new, active consumer. */
async function register(target: KinesisTarget, streamArn: string, name: string): Promise<string> {
  await target.client.send(new RegisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: name }));
  return await untilActive(target, streamArn, name);
}

async function untilActive({ client }: KinesisTarget, streamArn: string, name: string): Promise<string> {
  for (;;) {
    const command = new DescribeStreamConsumerCommand({ StreamARN: streamArn, ConsumerName: name });
    const { ConsumerDescription: consumer } = await client.send(command);
    if (consumer?.ConsumerStatus === 'ACTIVE') return consumer.ConsumerARN!;
  }
}

async function untilGone({ client }: KinesisTarget, streamArn: string, name: string): Promise<void> {
  for (;;) {
    const { Consumers: consumers } = await client.send(new ListStreamConsumersCommand({ StreamARN: streamArn }));
    if (!consumers?.some(({ ConsumerName }) => ConsumerName === name)) return;
  }
}

async function putAll({ client }: KinesisTarget, name: string, texts: readonly string[]): Promise<string[]> {
  const numbers: string[] = [];
  for (const text of texts) {
    const { SequenceNumber: number } = await client.send(
      new PutRecordCommand({ StreamName: name, PartitionKey: 'key', Data: Buffer.from(text) }),
    );
    numbers.push(number!);
  }
  return numbers;
}

async function subscribe({ subscriber }: KinesisTarget, consumer: string, position: StartingPosition, shardId = SHARD): Promise<Events> {
  const command = new SubscribeToShardCommand({ ConsumerARN: consumer, ShardId: shardId, StartingPosition: position });
  const { EventStream: stream } = await subscriber.send(command);
  return new Events(stream!);
}

/** What a subscription brings. */
class Events implements AsyncDisposable {
  readonly #stream: AsyncIterator<{ readonly SubscribeToShardEvent?: SubscribeToShardEvent | undefined }>;
  readonly numbers: string[] = [];
  last: SubscribeToShardEvent | undefined;

  constructor(stream: AsyncIterable<{ readonly SubscribeToShardEvent?: SubscribeToShardEvent | undefined }>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  async next(): Promise<string[] | undefined> {
    const { value, done } = await this.#stream.next();
    if (done) return undefined;
    this.last = (value as { readonly SubscribeToShardEvent: SubscribeToShardEvent }).SubscribeToShardEvent;
    this.numbers.push(...this.last.Records!.map(({ SequenceNumber: number }) => number!));
    return this.last.Records!.map(({ Data: data }) => Buffer.from(data!).toString());
  }

  /** The data of the next records. */
  async texts(count: number): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < count) texts.push(...((await this.next()) ?? ['the subscription ended']));
    return texts;
  }

  /** Resolves with an event without records: the subscription stands. */
  async silence(): Promise<void> {
    while ((await this.next())?.length !== 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream.return?.();
  }
}
