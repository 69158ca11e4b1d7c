import { SluiceError } from '@sluice/core';

/** The configuration is fine and asks for nothing. */
export class NothingToRunError extends SluiceError {
  readonly code = 'NOTHING_TO_RUN';
  readonly disposition = 'fatal';

  constructor(files: readonly string[]) {
    super(`expected an ingress or an egress, found none in ${files.join(', ')}`);
  }
}
