import { SluiceError } from '@sluice/core';

/** A command that changes something was neither confirmed nor given `--yes`. */
export class NotConfirmedError extends SluiceError {
  readonly code = 'NOT_CONFIRMED';
  readonly disposition = 'fatal';

  constructor(isAsked: boolean) {
    super(isAsked ? 'nothing was changed' : 'expected a confirmation, found no terminal to ask on: add --yes');
  }
}
