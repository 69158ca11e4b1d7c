import { SluiceError } from '@sluice/core';

/** Thrown when bytes are no batch frame, or records cannot be written as one. */
export class BatchFrameError extends SluiceError {
  readonly code = 'BATCH_FRAME_MALFORMED';
  readonly disposition = 'fatal';
}
