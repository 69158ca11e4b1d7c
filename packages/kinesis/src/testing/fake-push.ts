import { StreamNotFoundError, SubscriptionDisplacedError } from '../errors.ts';
import { createRecordPage, type RecordPage } from '../page/record-page.ts';
import type { ConsumerName, ShardSubscription, StreamConsumer } from '../ports.ts';
import type { FakeShard } from './fake-shards.ts';

/** The consumers of all streams, by ARN, and their subscriptions. */
export class FakePush {
  readonly #consumers = new Map<string, { isActive: boolean }>();
  readonly #subscriptions = new Map<string, FakeSubscription>();

  find({ streamArn, name }: ConsumerName): StreamConsumer {
    const arn = arnOf(streamArn, name);
    return { arn, isActive: this.consumer(arn).isActive };
  }

  register({ streamArn, name }: ConsumerName, isActive = true): StreamConsumer {
    const arn = arnOf(streamArn, name);
    this.#consumers.set(arn, { isActive });
    return { arn, isActive };
  }

  deregister(arn: string): void {
    this.#consumers.delete(arn);
    for (const [key, subscription] of this.#subscriptions) if (key.startsWith(arn)) subscription.fail(notFound(arn));
  }

  /** @throws {StreamNotFoundError} there is no such consumer */
  consumer(arn: string): { isActive: boolean } {
    const consumer = this.#consumers.get(arn);
    if (!consumer) throw notFound(arn);
    return consumer;
  }

  /** Displaces the one that the consumer had for the shard. */
  add(consumerArn: string, shardId: string, subscription: FakeSubscription): void {
    const key = `${consumerArn} ${shardId}`;
    this.#subscriptions.get(key)?.fail(new SubscriptionDisplacedError('another one began', { shardId }, undefined));
    this.#subscriptions.set(key, subscription);
  }

  /** Those that are open, oldest first. */
  get open(): readonly FakeSubscription[] {
    return [...this.#subscriptions.values()].filter(({ isOpen }) => isOpen);
  }

  /** Something was put or resharded. */
  changed(): void {
    for (const subscription of this.#subscriptions.values()) subscription.wake();
  }
}

const arnOf = (streamArn: string, name: string): string => `${streamArn}/consumer/${name}:1700000000`;

const notFound = (arn: string) => new StreamNotFoundError('no such consumer', { consumer: arn }, undefined);

export interface FakeSubscriptionOptions {
  readonly shard: FakeShard;
  /** Of the first record. */
  readonly index: number;
  childrenOf(shardId: string): readonly FakeShard[];
}

/** Records in one event as far as they are there; one without records first where there are none. A test may end it in every way. */
export class FakeSubscription implements ShardSubscription {
  readonly #options: FakeSubscriptionOptions;
  #index: number;
  #isFirst = true;
  #beats = 0;
  #ending: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(options: FakeSubscriptionOptions) {
    this.#options = options;
    this.#index = options.index;
  }

  get shardId(): string {
    return this.#options.shard.shardId;
  }

  get isOpen(): boolean {
    return this.#ending === undefined;
  }

  async arrival(): Promise<number | undefined> {
    for (;;) {
      if (this.#ending && 'error' in this.#ending) throw this.#ending.error;
      if (this.#ending) return undefined;
      if (this.#left.length > 0) return this.#left.reduce((sum, { data }) => sum + data.length, 0);
      if (this.#isFirst || this.#beats > 0 || this.#isEnded) return 0;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async read(): Promise<RecordPage> {
    const { shard, childrenOf } = this.#options;
    const left = this.#left;
    const isAtEnd = left.length === 0 && this.#isEnded;
    if (left.length === 0 && this.#beats > 0) this.#beats--;
    this.#isFirst = false;
    this.#index += left.length;
    const { sequenceNumber } = shard.records[this.#index - 1]?.origin ?? { sequenceNumber: shard.startingSequenceNumber };
    if (isAtEnd) this.end();
    return createRecordPage({
      records: left,
      nextIterator: isAtEnd ? null : sequenceNumber,
      childShards: isAtEnd ? childrenOf(shard.shardId).map((child) => ({ shardId: child.shardId, parents: child.parents })) : [],
      millisBehindLatest: 0,
    });
  }

  /** As its time does. */
  end(): void {
    this.#ending ??= {};
    this.wake();
  }

  fail(error: unknown): void {
    this.#ending ??= { error };
    this.wake();
  }

  /** Sends an event without records, as the service does now and then. */
  beat(): void {
    this.#beats++;
    this.wake();
  }

  wake(): void {
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.fail(new Error('the subscription was disposed of'));
  }

  get #left() {
    return this.#options.shard.records.slice(this.#index);
  }

  get #isEnded(): boolean {
    return this.#options.shard.endingSequenceNumber !== undefined;
  }
}
