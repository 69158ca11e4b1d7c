import { SluiceError } from '@sluice/core';

/** The flags of `sluice tail` cannot be followed. Nothing was read. */
export class TailUsageError extends SluiceError {
  readonly code = 'TAIL_USAGE';
  readonly disposition = 'fatal';
}
