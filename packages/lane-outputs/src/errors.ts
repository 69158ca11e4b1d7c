import { SluiceError } from '@sluice/core';

/** An output could not write a record, for a reason that is not one of Sluice's own, such as a full disk. */
export class OutputFailedError extends SluiceError {
  readonly code = 'OUTPUT_FAILED';
  readonly disposition = 'retry';

  constructor(output: string, cause: Error) {
    super(`output ${output} could not write a record: ${cause.message}`, { cause, details: { output } });
  }
}
