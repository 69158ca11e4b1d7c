import { SluiceError } from '@sluice/core';

/** Thrown when something is asked of a lease that has ended: by time, by another owner, or with its connection. */
export class LeaseLostError extends SluiceError {
  readonly code = 'LEASE_LOST';
  readonly disposition = 'retry';

  constructor(key: string, why: string) {
    super(`lease ${key} is lost: ${why}`, { details: { key, why } });
  }
}

/** Thrown when the stored rows belong to an earlier stream of the same name. */
export class StreamRecreatedError extends SluiceError {
  readonly code = 'STREAM_RECREATED';
  readonly disposition = 'fatal';

  constructor(key: string, stored: StreamIdentity, found: StreamIdentity) {
    super(
      `stream ${found.streamArn} was deleted and created again: its checkpoints in ${key} belong to ${stored.streamArn} created ` +
        `${new Date(stored.streamCreatedAtMs).toISOString()}, found one created ${new Date(found.streamCreatedAtMs).toISOString()}; ` +
        'if the old records are done with, forget these checkpoints with `sluice streams forget INGRESS STREAM`, and start again',
      { details: { key, stored, found } },
    );
  }
}

/** What tells a stream from a later one of the same name. */
export interface StreamIdentity {
  readonly streamArn: string;
  /** `StreamCreationTimestamp`, milliseconds since 1970. */
  readonly streamCreatedAtMs: number;
}

/** Thrown when a stored value cannot be what this package writes. */
export class LeaseRowError extends SluiceError {
  readonly code = 'LEASE_ROW_MALFORMED';
  readonly disposition = 'fatal';

  constructor(what: string, text: string) {
    super(`expected ${what} in redis, got ${JSON.stringify(text.slice(0, 100))}`, { details: { what } });
  }
}
