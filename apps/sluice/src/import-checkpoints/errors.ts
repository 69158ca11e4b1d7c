import { SluiceError } from '@sluice/core';

/** The flags of `sluice import-checkpoints` cannot be followed. Nothing was changed. */
export class ImportUsageError extends SluiceError {
  readonly code = 'IMPORT_USAGE';
  readonly disposition = 'fatal';
}
