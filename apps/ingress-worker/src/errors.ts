import { SluiceError } from '@sluice/core';

/** A target is over its high-water mark; the reader waits, which is how backpressure reaches Kinesis. */
export class QueueFullError extends SluiceError {
  readonly code = 'QUEUE_FULL';
  readonly disposition = 'retry';

  constructor(target: string) {
    super(`the lanes of ${target} are over their high-water mark`, { details: { target } });
  }
}
