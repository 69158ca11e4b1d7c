import { SluiceError } from '@sluice/core';

/** The record can never be written as it is. Nothing of the call was sent. */
export class RecordInvalidError extends SluiceError {
  readonly code = 'CLIENT_RECORD_INVALID';
  readonly disposition = 'reject';

  constructor(index: number, problem: string) {
    super(`record ${index} of the call: ${problem}`, { details: { index } });
  }
}

/** No worker has served this egress yet in this installation, so the number of its lanes is not known. */
export class EgressUnknownError extends SluiceError {
  readonly code = 'EGRESS_UNKNOWN';
  readonly disposition = 'retry';

  constructor(egress: string, keyPrefix: string) {
    super(
      `expected the lanes of egress ${egress} under the prefix ${keyPrefix}, found none: start its egress-worker first, check id and prefix, or give \`lanes\` as the workers have them`,
      { details: { egress, keyPrefix } },
    );
  }
}

/** Calls bring records faster than Redis and the egress take them, and do not wait for each other. Nothing of the call was sent. */
export class ClientOverloadedError extends SluiceError {
  readonly code = 'CLIENT_OVERLOADED';
  readonly disposition = 'retry';

  constructor(egress: string, records: number, bytes: number) {
    super(
      `expected room for more records of egress ${egress}, found ${records} records (${bytes} bytes) waiting; await earlier calls of send, or use sendAll`,
      { details: { egress, records, bytes } },
    );
  }
}

/** The signal of the call was aborted before all of its records were known to be in Redis. */
export class SendAbortedError extends SluiceError {
  readonly code = 'CLIENT_SEND_ABORTED';
  readonly disposition = 'retry';
  /** `notSent`: none of the call's unfinished records will be delivered. `unknown`: some may be. */
  readonly outcome: 'notSent' | 'unknown';

  constructor(outcome: 'notSent' | 'unknown', cause: unknown) {
    super(`the call was aborted; ${outcome === 'notSent' ? 'its records were not sent' : 'its records may have been sent'}`, {
      cause,
      details: { outcome },
    });
    this.outcome = outcome;
  }
}

/** The client was closed. */
export class ClientClosedError extends SluiceError {
  readonly code = 'CLIENT_CLOSED';
  readonly disposition = 'fatal';

  constructor() {
    super('expected an open client, found a closed one');
  }
}
