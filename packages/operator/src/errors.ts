import { SluiceError } from '@sluice/core';

/** A command, or a request to the board, names something that is not there, or does not say enough. Nothing was changed. */
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
