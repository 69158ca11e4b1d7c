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
