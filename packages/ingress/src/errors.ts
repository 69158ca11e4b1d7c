import type { Problem } from '@sluice/config';
import { SluiceError } from '@sluice/core';

/** A target is above its high-water mark; the reader waits, which is how backpressure reaches Kinesis. */
export class QueueFullError extends SluiceError {
  readonly code = 'QUEUE_FULL';
  readonly disposition = 'retry';

  constructor(target: string) {
    super(`the lanes of ${target} are above their high-water mark`, { details: { target } });
  }
}

/** The lanes of a target that keeps the order of shards still hold records of a parent; the reader waits, as for a full target. */
export class ParentsInLanesError extends SluiceError {
  readonly code = 'PARENTS_IN_LANES';
  readonly disposition = 'retry';

  constructor(target: string, shardId: string) {
    super(`the lanes of ${target} hold records of a parent of shard ${shardId}, which come first`, { details: { target, shardId } });
  }
}

/** All records of a shard have left the stream's retention: the stream no longer lists it, and nothing else explains that. */
export class ShardExpiredError extends SluiceError {
  readonly code = 'SHARD_EXPIRED';
  readonly disposition = 'retry';

  constructor(stream: string, shardId: string) {
    super(`stream ${stream} no longer lists shard ${shardId}: all its records have left the stream's retention`, {
      details: { stream, shardId },
    });
  }
}

/** An ingress asks for something that Sluice does not support. */
export class UnsupportedIngressError extends SluiceError {
  readonly code = 'INGRESS_UNSUPPORTED';
  readonly disposition = 'fatal';

  constructor({ file, line, column, message }: Problem) {
    super(`${file}:${line}:${column}: ${message}`, { details: { file, line, column } });
  }
}

/** `sluice.ingresses` says where a shard begins that the stream does not have, and none of the stream's shards has a checkpoint yet. */
export class StartUnknownError extends SluiceError {
  readonly code = 'START_UNKNOWN';
  readonly disposition = 'fatal';

  constructor(stream: string, shardId: string) {
    super(
      `expected ${shardId} among the shards that are read of stream ${stream}, since its start is configured, and did not find it; ` +
        'correct the ID under sluice.ingresses, or remove it',
      { details: { stream, shardId } },
    );
  }
}

/** An input names a shard (`stream:shardId`) that the stream does not have, and no checkpoint says that it ever had it. */
export class ShardUnknownError extends SluiceError {
  readonly code = 'SHARD_UNKNOWN';
  readonly disposition = 'fatal';

  constructor(stream: string, shardId: string) {
    super(
      `expected shard ${shardId} in stream ${stream}, since \`streams\` of the input names it, and did not find it; ` +
        `correct it to the ID of a shard, such as shardId-000000000000, or name the stream alone to read all of them`,
      { details: { stream, shardId } },
    );
  }
}

/** An ingress names a stream in two ways, so that each of its records would be enqueued twice. */
export class StreamNamedTwiceError extends SluiceError {
  readonly code = 'STREAM_NAMED_TWICE';
  readonly disposition = 'fatal';

  constructor(ingress: string, names: readonly [string, string], arn: string) {
    super(`expected the streams of ingress ${ingress} to differ, found ${names.join(' and ')} to be one, ${arn}; remove one of them`, {
      details: { ingress, arn },
    });
  }
}

/** A record is a container whose contents contradict themselves, so that its records cannot be told apart. */
export class MalformedAggregateError extends SluiceError {
  readonly code = 'AGGREGATE_MALFORMED';
  readonly disposition = 'reject';

  constructor({ stream, shardId, reason }: { readonly stream: string; readonly shardId: string; readonly reason: string }) {
    super(`expected a container of records in ${shardId} of stream ${stream}, found one with ${reason}`, {
      details: { stream, shardId, reason },
    });
  }
}

/** `on_error: block`: a shard stands still at a record that cannot be unpacked, until an operator moves on or the setting changes. */
export class ShardBlockedError extends SluiceError {
  readonly code = 'SHARD_BLOCKED';
  readonly disposition = 'retry';
  /** When that record arrived, milliseconds since 1970; 0 where Kinesis does not say. */
  readonly arrivedAtMs: number;

  constructor({ arrivedAtMs, ...facts }: BlockedFacts) {
    super(
      `${facts.shardId} of stream ${facts.stream} stands still at record ${facts.sequenceNumber}, a container with ${facts.reason}; ` +
        'change `on_error` of its ingress, or go on behind it with `sluice rewind --shard SHARD --to SEQUENCE-NUMBER`',
      { details: facts },
    );
    this.arrivedAtMs = arrivedAtMs;
  }
}

interface BlockedFacts {
  readonly stream: string;
  readonly shardId: string;
  readonly reason: string;
  readonly sequenceNumber: string;
  readonly arrivedAtMs: number;
}

/** A consumer of enhanced fan-out is being created, or deleted; the shards are polled meanwhile. */
export class ConsumerNotReadyError extends SluiceError {
  readonly code = 'CONSUMER_NOT_READY';
  readonly disposition = 'retry';
  /** It takes longer than expected. */
  readonly isLate: boolean;

  constructor(consumer: string, streamArn: string, isLate: boolean) {
    super(`the consumer ${consumer} of ${streamArn} is not active yet`, { details: { consumer, streamArn } });
    this.isLate = isLate;
  }
}
