import type { Problem } from '@sluice/config';
import { SluiceError } from '@sluice/core';

/** A target is over its high-water mark; the reader waits, which is how backpressure reaches Kinesis. */
export class QueueFullError extends SluiceError {
  readonly code = 'QUEUE_FULL';
  readonly disposition = 'retry';

  constructor(target: string) {
    super(`the lanes of ${target} are over their high-water mark`, { details: { target } });
  }
}

/** The stream is there but lists this shard no more: all its records have left the stream's retention. */
export class ShardExpiredError extends SluiceError {
  readonly code = 'SHARD_EXPIRED';
  readonly disposition = 'retry';

  constructor(stream: string, shardId: string) {
    super(`shard ${shardId} of stream ${stream} is listed no more: all its records have left the stream's retention`, {
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

/** An ingress asks for something that this worker does not do. */
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
