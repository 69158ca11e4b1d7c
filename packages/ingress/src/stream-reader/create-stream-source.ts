import type { BatchPolicy } from '@sluice/batcher';
import type { OnError, ReaderSettings } from '@sluice/config';
import type { Clock, RecordRows, WeightedBudget } from '@sluice/core';
import type { KinesisPush, KinesisSource, StreamDescription } from '@sluice/kinesis';
import type { ShardTable } from '@sluice/lease';
import type { Tracing } from '@sluice/telemetry';
import type { LaneQueue } from '../lanes/lane-queue.ts';
import { PoisonGuard } from '../poison/poison-guard.ts';
import { BatchedShard } from '../shard-reader/batched-shard.ts';
import { FanOutFeed } from '../shard-reader/fan-out-feed.ts';
import type { GatheredRecord } from '../shard-reader/gathered-record.ts';
import { openShard } from '../shard-reader/open-shard.ts';
import type { PageBudget } from '../shard-reader/page-budget.ts';
import type { PageFeed } from '../shard-reader/page-feed.ts';
import { PageSource } from '../shard-reader/page-source.ts';
import { PollingFeed, type PollingFeedOptions } from '../shard-reader/polling-feed.ts';
import type { ShardSession, ShardTask } from '../shard-reader/shard-session.ts';
import { traceShard } from '../shard-reader/traced-shard.ts';
import { explainRefusal } from './explain-refusal.ts';
import { IdentityCheck } from './identity-check.ts';
import { reconcileShards } from './reconcile-shards.ts';
import { ShardLooks } from './shard-looks.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { StreamSource } from './stream-source.ts';

export interface StreamSourceOptions extends Pick<StreamSource, 'stream' | 'release' | 'report' | 'reportStream' | 'random'> {
  readonly kinesis: KinesisSource & KinesisPush;
  readonly table: ShardTable;
  /** Read these only; all where absent. */
  readonly shardIds: readonly string[] | undefined;
  /** Shards for which a start is configured. */
  readonly startsAt?: readonly string[];
  readonly reader: ReaderSettings;
  /** Memory and openings, shared by all shards of the worker. */
  readonly budget: PageBudget;
  readonly openings: WeightedBudget;
  /** Input batches; `undefined`: records are enqueued as they are read. */
  readonly batching: BatchPolicy<GatheredRecord> | undefined;
  /** Memory for those that are incomplete, shared by all shards of the worker. */
  readonly gathered: WeightedBudget;
  readonly clock: Clock;
  readonly tracing?: Tracing | undefined;
  /** What its records are for, comma-separated. */
  readonly target: string;
  /** What the shards of a stream allow to all that poll it. @param arn the stream's */
  openTurns(arn: string): PollingFeedOptions['turns'];
  /** Where the records of a shard go, under a lease of it. */
  openQueue(task: ShardTask): LaneQueue;
  /** What becomes of records that cannot be unpacked. */
  readonly onError: OnError;
  /** Stores such records as dead letters. */
  storeRefused(task: ShardTask, records: RecordRows, reasons: readonly Error[]): Promise<void>;
  /** Tells the lanes that these shards were read to their end. Called once for each shard, and again where it failed. */
  endShards(stream: StreamDescription, shardIds: readonly string[]): Promise<void>;
}

/** A stream in Kinesis and the rows of its shards, as its reader uses them. */
export function createStreamSource(options: StreamSourceOptions): StreamSource {
  const { stream, shardIds, startsAt = [], kinesis, table, reader, onError, clock, tracing, target } = options;
  const { openQueue, storeRefused, release, report, reportStream, random } = options;
  const looks = new ShardLooks(clock);
  const identityCheck = new IdentityCheck(kinesis, stream);
  const openFeed = feedsOf(options);
  const ended = new Set<string>();
  const endShards: StreamSourceOptions['endShards'] = async (identity, finished) => {
    const news = finished.filter((shardId) => !ended.has(shardId));
    if (news.length > 0) await options.endShards(identity, news);
    for (const shardId of news) ended.add(shardId);
  };
  return {
    ...{ stream, release, report, reportStream, random, clock },
    discoveryIntervalMs: reader.shardDiscoveryIntervalMs,
    retries: reader.retries,
    reconcile: (signal) => reconcileShards({ kinesis, table, looks, stream, shardIds, startsAt, endShards }, signal),
    openShard: (task) => {
      const opened = openShard({
        ...{ ...task, kinesis, stream, shardIds, table, clock, commitPeriodMs: reader.commitPeriodMs },
        pages: new PageSource(openFeed(task), options.budget),
        queue: openQueue(task),
        poison: new PoisonGuard({
          ...{ onError, stream, shardId: task.shardId },
          store: (records, reasons) => storeRefused(task, records, reasons),
          report: (event) => report(task.shardId, event),
        }),
        verify: () => identityCheck.assertSame(task.identity, task.lease.key),
        explain: (error, signal) => explainRefusal({ ...task, kinesis, stream, identityCheck, looks }, error, signal),
      });
      const session = batched(opened, task.shardId, options);
      return tracing ? traceShard(session, tracing, { stream, shardId: task.shardId, targets: target, now: clock.now }) : session;
    },
  };
}

function batched(session: ShardSession, shardId: string, options: StreamSourceOptions): ShardSession {
  const { batching: policy, gathered: budget, clock, report } = options;
  if (!policy) return session;
  return new BatchedShard(session, { policy, budget, clock, report: (event) => report(shardId, event) });
}

/** Where the pages of a shard come from. All shards of the stream have one consumer. */
function feedsOf(options: StreamSourceOptions): (task: ShardTask) => PageFeed {
  const { reader, kinesis, stream, clock, report } = options;
  const { fanOut } = reader;
  let consumer: StreamConsumer | undefined;
  let turns: PollingFeedOptions['turns'] | undefined;
  return (task) => {
    turns ??= options.openTurns(task.identity.arn);
    const polling = new PollingFeed({ ...options, ...reader, ...task, turns });
    if (!fanOut) return polling;
    const { consumer: name, consumerArns, activationTimeoutMs, maxPauseMs } = fanOut;
    const { arn: streamArn } = task.identity;
    consumer ??= new StreamConsumer({ name, arn: consumerArns[stream], kinesis, streamArn, clock, activationTimeoutMs });
    return new FanOutFeed({ ...options, ...task, polling, consumer, maxPauseMs, report: (event) => report(task.shardId, event) });
  };
}
