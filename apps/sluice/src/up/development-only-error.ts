import { SluiceError } from '@sluice/core';

/** `sluice up` was called in an installation without the parts that only development needs. */
export class DevelopmentOnlyError extends SluiceError {
  readonly code = 'DEVELOPMENT_ONLY';
  readonly disposition = 'fatal';

  constructor(cause: unknown) {
    super(
      '`sluice up` runs in a checkout of Sluice after `npm ci`, found an installation for production: use `docker compose up`, or `sluice run` with Redis and Kinesis of your own',
      { cause },
    );
  }
}
