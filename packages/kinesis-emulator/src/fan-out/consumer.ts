import type { Clock } from '@sluice/core';
import { limitExceeded, resourceInUse, type ServiceError } from '../service-error.ts';
import type { ConsumerState } from '../store/stored-state.ts';
import type { Subscription } from './subscription.ts';

export type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

export interface SubscriptionRules {
  /** Another call takes the subscription over once it is so old; before, it is refused. */
  readonly takeOverAfterMs: number;
  /** Least time between two calls for the same shard; 0 for none. */
  readonly callIntervalMs: number;
}

interface ShardCalls {
  calledAt: number;
  subscribedAt: number;
  current: Subscription | undefined;
}

/** A consumer that was registered with a stream, and its subscriptions: one a shard. */
export class Consumer {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly #clock: Clock;
  readonly #stateDelayMs: number;
  readonly #shards = new Map<string, ShardCalls>();
  #since: { readonly status: 'CREATING' | 'DELETING'; readonly atMs: number };

  constructor({ name, createdAtMs }: ConsumerState, streamArn: string, clock: Clock, stateDelayMs: number) {
    this.name = name;
    this.createdAtMs = createdAtMs;
    this.arn = `${streamArn}/consumer/${name}:${Math.floor(createdAtMs / 1000)}`;
    this.#clock = clock;
    this.#stateDelayMs = stateDelayMs;
    this.#since = { status: 'CREATING', atMs: clock.monotonic() };
  }

  /** `undefined` once it is gone. */
  get status(): ConsumerStatus | undefined {
    const isOver = this.#clock.monotonic() - this.#since.atMs >= this.#stateDelayMs;
    if (!isOver) return this.#since.status;
    return this.#since.status === 'CREATING' ? 'ACTIVE' : undefined;
  }

  get subscriptions(): readonly Subscription[] {
    return [...this.#shards.values()].flatMap(({ current }) => (current?.isOpen ? [current] : []));
  }

  /** Ends its subscriptions, each with this error. */
  delete(error: ServiceError): void {
    this.#since = { status: 'DELETING', atMs: this.#clock.monotonic() };
    for (const subscription of this.subscriptions) subscription.fail(error);
  }

  /**
   * Makes `subscription` the one of its shard. One that was there before ends with an error.
   * Throws a `LimitExceededException` where it comes too soon after another call, a `ResourceInUseException` where the one before is too young.
   */
  subscribe(shardId: string, { takeOverAfterMs, callIntervalMs }: SubscriptionRules, open: () => Subscription): Subscription {
    const now = this.#clock.monotonic();
    const calls = this.#callsOf(shardId);
    const sinceCall = now - calls.calledAt;
    if (sinceCall < callIntervalMs) throw limitExceeded(`Rate exceeded for consumer ${this.arn} and shard ${shardId}.`);
    calls.calledAt = now;
    if (this.status !== 'ACTIVE') throw resourceInUse(`Consumer ${this.arn} is not ACTIVE, instead in state ${this.status}.`);
    if (now - calls.subscribedAt < takeOverAfterMs) throw resourceInUse(this.#isTaken(shardId));
    const subscription = open();
    calls.current?.fail(resourceInUse(this.#isTaken(shardId)));
    calls.current = subscription;
    calls.subscribedAt = now;
    return subscription;
  }

  #isTaken = (shardId: string): string => `Another active subscription exists for consumer ${this.arn} and shard ${shardId}.`;

  #callsOf(shardId: string): ShardCalls {
    const known = this.#shards.get(shardId);
    if (known) return known;
    const calls: ShardCalls = { calledAt: Number.NEGATIVE_INFINITY, subscribedAt: Number.NEGATIVE_INFINITY, current: undefined };
    this.#shards.set(shardId, calls);
    return calls;
  }
}
