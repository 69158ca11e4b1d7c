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

/** A job is not, or no longer, one that can be dropped. Nothing was changed. */
export class JobBusyError extends SluiceError {
  readonly code = 'JOB_BUSY';
  readonly disposition = 'fatal';

  constructor(job: string, lane: string, outcome: 'changed' | 'gone' | 'inUse') {
    const why = {
      changed: 'it has changed since it was looked at',
      gone: 'it has left its lane',
      inUse: 'a worker owns its lane and may be able to read it; drop it while the lane is blocked, or pause the target first',
    };
    super(`job ${job} of lane ${lane} was not dropped: ${why[outcome]}`, { details: { job, lane } });
  }
}

/** Something was delivered that will be read again, and nobody reads it. Nothing was changed: a replay would not be known under another number. */
export class CheckpointsBehindError extends SluiceError {
  readonly code = 'CHECKPOINTS_BEHIND';
  readonly disposition = 'fatal';

  constructor(target: string, shards: readonly string[]) {
    super(
      `the lanes of ${target} were not changed: a reader was killed before it stored the checkpoint of ${shards.join(', ')}; let an ingress-worker read on for a moment (is it paused?), then try again`,
      { details: { target, shards: shards.length } },
    );
  }
}

/** Somebody reads the ingress, or it has checkpoints already. Nothing was changed. */
export class CheckpointImportRefusedError extends SluiceError {
  readonly code = 'CHECKPOINT_IMPORT_REFUSED';
  readonly disposition = 'fatal';

  constructor(ingress: string, why: string) {
    super(`no checkpoint of ${ingress} was set: ${why}`, { details: { ingress } });
  }
}
