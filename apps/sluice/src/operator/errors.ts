import { SluiceError } from '@sluice/core';

/** A command that changes something was neither confirmed nor given `--yes`. */
export class NotConfirmedError extends SluiceError {
  readonly code = 'NOT_CONFIRMED';
  readonly disposition = 'fatal';

  constructor(isAsked: boolean) {
    super(isAsked ? 'nothing was changed' : 'expected a confirmation, found no terminal to ask on: add --yes');
  }
}

/** The command line names something that is not there, or does not say enough. */
export class OperatorInputError extends SluiceError {
  readonly code = 'OPERATOR_INPUT_INVALID';
  readonly disposition = 'fatal';
}

/** Workers or lanes did not let go of shards in time. Nothing was changed. */
export class ShardsInUseError extends SluiceError {
  readonly code = 'SHARDS_IN_USE';
  readonly disposition = 'fatal';

  constructor(count: number, what: string) {
    super(`nothing was changed, for ${count} ${what}; try again, with a longer --timeout if they need it`, { details: { count } });
  }
}
