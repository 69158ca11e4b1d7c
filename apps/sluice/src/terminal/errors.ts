import { SluiceError } from '@sluice/core';

/** A file named on the command line cannot be read. */
export class UnreadableFileError extends SluiceError {
  readonly code = 'UNREADABLE_FILE';
  readonly disposition = 'fatal';

  constructor(file: string, cause: unknown) {
    super(`cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, details: { file } });
  }
}
