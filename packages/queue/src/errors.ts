import { SluiceError } from '@sluice/core';

/** Thrown when a worker is configured with another number of lanes than the target was first used with, and no operator changed it. */
export class LaneCountMismatchError extends SluiceError {
  readonly code = 'LANE_COUNT_MISMATCH';
  readonly disposition = 'fatal';

  constructor(target: string, configured: number, recorded: number) {
    super(
      `target ${target} has ${recorded} lanes, but ${configured} are configured; a key would change its lane and be delivered out of order. ` +
        `Configure ${recorded}, or give the target another number, also while workers run: \`sluice lanes resize ${target} ${configured}\``,
      { details: { target, configured, recorded } },
    );
  }
}

/** Thrown when a worker is to keep the order of whole shards, and the lanes hold, or held, records laid by key. */
export class LaneLayoutMismatchError extends SluiceError {
  readonly code = 'LANE_LAYOUT_MISMATCH';
  readonly disposition = 'fatal';

  constructor(target: string, lanes: number) {
    super(
      `the lanes of ${target} are laid by key, but \`ordering: shard\` needs the records of a source shard in one lane. ` +
        `Lay them by shard while workers still run with the ordering of before: \`sluice lanes resize ${target} ${lanes} --by shard\``,
      { details: { target, lanes } },
    );
  }
}

/** Thrown when the number of a target's lanes is changed while jobs are in them, or delayed messages wait for them. */
export class LanesNotDrainedError extends SluiceError {
  readonly code = 'LANES_NOT_DRAINED';
  readonly disposition = 'fatal';

  constructor(target: string, jobs: number, delayed = 0) {
    super(
      `expected empty lanes of target ${target}, got ${jobs} jobs or mailboxes in them and ${delayed} delayed messages for them; let them drain first`,
      { details: { target, jobs, delayed } },
    );
  }
}

/**
 * Thrown when what is sent was shared out to another number of lanes than the target has, or an operator is changing the number at this
 * moment. Nothing was enqueued; sent again, it is shared out anew.
 */
export class LanesChangedError extends SluiceError {
  readonly code = 'LANES_CHANGED';
  readonly disposition = 'retry';

  constructor(target: string, lanes: number) {
    super(`expected ${lanes} lanes of target ${target}, whose number an operator has changed or is changing now; it is sent again`, {
      details: { target, lanes },
    });
  }
}

/** Thrown when two operators change the number of a target's lanes at once. The second one has changed nothing. */
export class LanesResizingError extends SluiceError {
  readonly code = 'LANES_RESIZING';
  readonly disposition = 'fatal';

  constructor(target: string, lanes: number | undefined) {
    super(
      `another operator is giving ${target} another number of lanes${lanes === undefined ? '' : ` (${lanes})`}; try again in a moment`,
      {
        details: { target },
      },
    );
  }
}

/** Thrown when the lane is not as its owner left it: a job hangs elsewhere. Settle what is in flight, then take the lane over. */
export class LaneDisturbedError extends SluiceError {
  readonly code = 'LANE_DISTURBED';
  readonly disposition = 'retry';

  constructor(queueName: string, why: string) {
    super(`${queueName} is not as its owner left it: ${why}; it must be taken over before it goes on`, { details: { queueName, why } });
  }
}

/** Thrown when a job is no longer in its owner's hand, because the lane was taken over or handed back since. */
export class StaleJobError extends SluiceError {
  readonly code = 'STALE_JOB';
  readonly disposition = 'retry';

  constructor(queueName: string, id: string) {
    super(`job ${id} of ${queueName} is no longer in hand; it will be taken again`, { details: { queueName, id } });
  }
}

/**
 * Thrown when a job has no payload: it was deleted, or Redis evicts keys. An alarm: the job is never acked and holds its lane
 * until an operator decides.
 */
export class PayloadMissingError extends SluiceError {
  readonly code = 'PAYLOAD_MISSING';
  readonly disposition = 'retry';

  constructor(queueName: string, id: string, records: number) {
    super(`job ${id} of ${queueName} has lost its payload of ${records} records; it is kept and its lane waits for an operator`, {
      details: { queueName, id, records },
    });
  }
}

/** Thrown when a job's payload or data cannot be read. As {@link PayloadMissingError}, an alarm. */
export class PayloadMalformedError extends SluiceError {
  readonly code = 'PAYLOAD_MALFORMED';
  readonly disposition = 'retry';

  constructor(queueName: string, id: string, cause: unknown) {
    super(`job ${id} of ${queueName} cannot be read; it is kept and its lane waits for an operator`, { cause, details: { queueName, id } });
  }
}

/**
 * Thrown when effects were refused as a whole, with nothing written: a guard does not hold any more, or an operation uses a token that is
 * still pending. The jobs stay in hand. `index` is that of the guard or of the operation.
 */
export class GuardFailedError extends SluiceError {
  readonly code = 'GUARD_FAILED';
  readonly disposition = 'retry';
  readonly failed: 'guard' | 'token';
  readonly index: number;

  constructor(failed: 'guard' | 'token', index: number, what: string) {
    super(`expected ${what}; nothing of the commit was applied`, { details: { failed, index } });
    this.failed = failed;
    this.index = index;
  }
}
