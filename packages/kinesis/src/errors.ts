import { SluiceError } from '@sluice/core';

type Facts = Readonly<Record<string, unknown>>;

/** Thrown when a record, key included, is larger than its stream allows. */
export class RecordTooLargeError extends SluiceError {
  readonly code = 'RECORD_TOO_LARGE';
  readonly disposition = 'reject';

  constructor(byteSize: number, maxBytes: number) {
    super(`record of ${byteSize} bytes, key included, is larger than the ${maxBytes} bytes that its stream allows`, {
      details: { byteSize, maxBytes },
    });
  }
}

/** Thrown when a partition key is empty, longer than 256 characters or not Unicode. */
export class InvalidPartitionKeyError extends SluiceError {
  readonly code = 'INVALID_PARTITION_KEY';
  readonly disposition = 'reject';

  constructor(partitionKey: string) {
    super(
      `partition key must be 1 to 256 Unicode characters, got ${partitionKey.length}${partitionKey.isWellFormed() ? '' : ' with half a surrogate pair'}`,
      {
        details: { length: partitionKey.length },
      },
    );
  }
}

/** Thrown when an explicit hash key is not a decimal number below 2^128. */
export class InvalidHashKeyError extends SluiceError {
  readonly code = 'INVALID_HASH_KEY';
  readonly disposition = 'reject';

  constructor(length: number) {
    super(`explicit hash key must be a decimal number from 0 to 2^128 - 1 without leading zeros, got ${length} other characters`, {
      details: { length },
    });
  }
}

/** Kinesis or its key service asked to go slower. */
export class KinesisThrottledError extends SluiceError {
  readonly code = 'KINESIS_THROTTLED';
  readonly disposition = 'retry';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(`kinesis throttled the request: ${reason}`, { cause, details: facts });
  }
}

/** Kinesis could not be reached, broke the connection off or failed on its side. */
export class KinesisUnavailableError extends SluiceError {
  readonly code = 'KINESIS_UNAVAILABLE';
  readonly disposition = 'retry';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(`kinesis is unavailable: ${reason}`, { cause, details: facts });
  }
}

/** Kinesis did not answer in time. Whether it did what was asked is unknown. */
export class KinesisTimeoutError extends SluiceError {
  readonly code = 'KINESIS_TIMEOUT';
  readonly disposition = 'retry';

  constructor(timeoutMs: number, facts: Facts, cause?: unknown) {
    super(`kinesis did not answer within ${timeoutMs} ms`, { cause, details: { ...facts, timeoutMs } });
  }
}

/** A request was held up until it might no longer be sent. Kinesis never saw it. */
export class RequestNotSentError extends SluiceError {
  readonly code = 'REQUEST_NOT_SENT';
  readonly disposition = 'retry';

  constructor(facts: Facts) {
    super('the request was not sent: when it was ready, the worker was no longer allowed to send it', { details: facts });
  }
}

/** A subscription is refused for now: the consumer is not active, or it subscribed to the same shard less than five seconds ago. */
export class SubscriptionInUseError extends SluiceError {
  readonly code = 'SUBSCRIPTION_IN_USE';
  readonly disposition = 'retry';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(`kinesis refused a subscription to shard ${String(facts['shardId'])} for now: ${reason}`, { cause, details: facts });
  }
}

/** Another reader has subscribed to the same shard with the same consumer, which ends the subscription there was. */
export class SubscriptionDisplacedError extends SluiceError {
  readonly code = 'SUBSCRIPTION_DISPLACED';
  readonly disposition = 'retry';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(
      `another reader has taken over the subscription to shard ${String(facts['shardId'])}: ${reason}; give each application a consumer of its own`,
      { cause, details: facts },
    );
  }
}

/** A shard iterator is too old to be used; resume from the checkpoint with a new one. */
export class IteratorExpiredError extends SluiceError {
  readonly code = 'ITERATOR_EXPIRED';
  readonly disposition = 'retry';

  constructor(shardId: string, cause?: unknown) {
    super(`shard iterator for ${shardId} expired`, { cause, details: { shardId } });
  }
}

/** Kinesis will always refuse this request: something in it is invalid. With several records in it, bisect. */
export class KinesisValidationError extends SluiceError {
  readonly code = 'KINESIS_VALIDATION';
  readonly disposition = 'reject';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(`kinesis refused the request as invalid: ${reason}`, { cause, details: facts });
  }
}

/**
 * Base of what stays as it is until an operator acts. A worker that meets it while starting stops with its message;
 * one that runs keeps trying with long pauses, because good records must not suffer for it.
 */
export abstract class KinesisBlockedError extends SluiceError {
  readonly disposition = 'retry';
}

/** The stream does not exist in this region and account, or was deleted. */
export class StreamNotFoundError extends KinesisBlockedError {
  readonly code = 'STREAM_NOT_FOUND';

  constructor(reason: string, facts: Facts, cause: unknown) {
    const { consumer } = facts;
    const what = consumer === undefined ? describe(facts) : `${describe(facts)} or its consumer ${String(consumer)}`;
    super(`${what} was not found: ${reason}; check its name, the region and the endpoint`, { cause, details: facts });
  }
}

/** The session token of the credentials has expired. They are loaded anew for the next try. */
export class KinesisCredentialsExpiredError extends SluiceError {
  readonly code = 'KINESIS_CREDENTIALS_EXPIRED';
  readonly disposition = 'retry';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(
      `the credentials for ${describe(facts)} have expired: ${reason}; they are loaded anew for the next try; if this goes on, renew the session keys where they come from`,
      { cause, details: facts },
    );
  }
}

/** The credentials are missing, wrong or not allowed to do this. */
export class KinesisAccessError extends KinesisBlockedError {
  readonly code = 'KINESIS_ACCESS_DENIED';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(
      `kinesis refused the credentials for ${describe(facts)}: ${reason}; check the access key, its policy and the clock of this machine`,
      {
        cause,
        details: facts,
      },
    );
  }
}

/** The key that encrypts the stream is disabled, gone or not ours to use. */
export class StreamKeyError extends KinesisBlockedError {
  readonly code = 'STREAM_KEY_UNUSABLE';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(`the KMS key of ${describe(facts)} cannot be used: ${reason}; check the key's state and policy`, { cause, details: facts });
  }
}

/** Kinesis refused the request for a reason that Sluice does not know. */
export class KinesisRefusedError extends KinesisBlockedError {
  readonly code = 'KINESIS_REFUSED';

  constructor(reason: string, facts: Facts, cause: unknown) {
    super(`kinesis refused the request: ${reason}`, { cause, details: facts });
  }
}

/** Whether trying again helps only after an operator acted. */
export const isBlocked = (error: unknown): boolean => error instanceof KinesisBlockedError;

const describe = (facts: Facts): string => (facts['stream'] ? `stream ${String(facts['stream'])}` : 'the resource');
