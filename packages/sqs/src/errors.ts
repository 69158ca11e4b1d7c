import { SluiceError } from '@sluice/core';

/** A queue could not be reached, or refused a call. The same again may succeed. */
export class QueueError extends SluiceError {
  readonly code = 'QUEUE_FAILED';
  readonly disposition = 'retry';

  constructor(url: string, cause: unknown) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`a message could not be sent to queue ${url}: ${text}`, { cause, details: { url } });
  }
}

/** A queue never takes a message as it is. */
export class MessageRefusedError extends SluiceError {
  readonly code = 'QUEUE_MESSAGE_REFUSED';
  readonly disposition = 'reject';
  declare readonly cause: Error;

  constructor(url: string, cause: Error) {
    super(`queue ${url} refuses a message with ${cause.name}: ${cause.message}`, { cause, details: { url, code: cause.name } });
  }
}

/** A message is larger than a queue takes. */
export class MessageTooLargeError extends SluiceError {
  readonly code = 'QUEUE_MESSAGE_TOO_LARGE';
  readonly disposition = 'reject';
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(url: string, bytes: number, maxBytes: number) {
    super(`expected a message of at most ${maxBytes} bytes for queue ${url}, got ${bytes} with its attributes`, {
      details: { url, bytes, maxBytes },
    });
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}
