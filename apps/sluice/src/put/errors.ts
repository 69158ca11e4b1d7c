import { SluiceError } from '@sluice/core';

/** The flags of `sluice put` cannot be followed. Nothing was sent. */
export class PutUsageError extends SluiceError {
  readonly code = 'PUT_USAGE';
  readonly disposition = 'fatal';
}

/** The mapping that generates records failed, so that none came. */
export class GenerateError extends SluiceError {
  readonly code = 'GENERATE_FAILED';
  readonly disposition = 'fatal';

  constructor(reason: string) {
    super(`expected a record of the mapping of --generate, found an error: ${reason}`);
  }
}
