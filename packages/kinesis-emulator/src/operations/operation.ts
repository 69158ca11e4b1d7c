import type { Clock } from '@sluice/core';
import type { SubscriptionRules } from '../fan-out/consumer.ts';
import type { Subscription } from '../fan-out/subscription.ts';
import type { Encoding, ReplyBody } from '../protocol/encoding.ts';
import type { JsonObject } from '../protocol/input.ts';
import type { Account } from '../store/account.ts';
import type { ListedShard } from '../store/listed-shard.ts';
import type { Shard } from '../store/shard.ts';
import type { Stream } from '../store/stream.ts';

/** Why a single record of a PutRecords request fails. */
export type RecordFailure = 'ProvisionedThroughputExceededException' | 'InternalFailure';

/** What lists and descriptions say about the shards of a stream; with faults, not what is. */
export interface ShardDirectory {
  shards(stream: Stream, nowMs: number): readonly ListedShard[];
  /** The page of a list as it is sent. */
  withoutHidden(stream: Stream, page: readonly ListedShard[]): readonly ListedShard[];
  /** Whether an iterator can be had. */
  finds(stream: Stream, shard: Shard, nowMs: number): boolean;
}

/** How long subscriptions last, and how soon after another one begins. */
export interface SubscriptionSettings extends SubscriptionRules {
  readonly lifetimeMs: number;
  readonly heartbeatMs: number;
}

export interface OperationContext {
  readonly account: Account;
  readonly clock: Clock;
  readonly iteratorExpiryMs: number;
  readonly subscriptions: SubscriptionSettings;
  readonly controlPlane: ShardDirectory;
  /** How the client wants its reply. */
  readonly encoding: Encoding;
  /** Fault injection: why the record at `index` of this request must fail; `undefined` where it need not. */
  readonly failRecord: (index: number) => RecordFailure | undefined;
}

/** One operation of the API: synchronous, so that it happens at one point in time. Answers the body, a value to be made one, or a subscription that is; throws a `ServiceError`. */
export type Operation = (context: OperationContext, input: JsonObject) => ReplyBody | JsonObject | Subscription | undefined;
