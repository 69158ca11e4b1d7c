import { SluiceError } from '@sluice/core';

/** What `sluice blobl` was asked for makes no sense. */
export class BloblUsageError extends SluiceError {
  readonly code = 'BLOBL_USAGE';
  readonly disposition = 'fatal';
}
