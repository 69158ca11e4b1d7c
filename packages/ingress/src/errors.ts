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

/** The configuration has no ingress. */
export class NothingToReadError extends SluiceError {
  readonly code = 'NOTHING_TO_READ';
  readonly disposition = 'fatal';

  constructor() {
    super(
      'the configuration has no ingress; name a module.yaml with a Kinesis ingress, or a Benthos file with an aws_kinesis input, with --config',
    );
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

/** What was in hand did not get to its end in time. It is read again by whoever leases the shards next. */
export class WorkerStoppedLateError extends SluiceError {
  readonly code = 'STOPPED_LATE';
  readonly disposition = 'fatal';

  constructor(timeoutMs: number) {
    super(`what was in hand did not finish within ${timeoutMs} ms after the worker was asked to stop; it is read again by others`, {
      details: { timeoutMs },
    });
  }
}
