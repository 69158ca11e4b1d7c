import { SluiceError } from '@sluice/core';

/** Kinesis failed a record; a retry may succeed. */
export class RecordFailedError extends SluiceError {
  readonly code = 'RECORD_FAILED';
  readonly disposition = 'retry';

  constructor(errorCode: string, errorMessage: string, stream: string) {
    super(`kinesis failed the record with ${errorCode}: ${errorMessage}`, { details: { errorCode, stream } });
  }
}

/** Kinesis will always refuse the record. */
export class RecordRefusedError extends SluiceError {
  readonly code = 'RECORD_REFUSED';
  readonly disposition = 'reject';

  constructor(errorCode: string, errorMessage: string, stream: string) {
    super(`kinesis refuses the record with ${errorCode}: ${errorMessage}`, { details: { errorCode, stream } });
  }
}

/** A record was not written within the time that its egress allows (`RecordTtl`). */
export class RecordExpiredError extends SluiceError {
  readonly code = 'RECORD_EXPIRED';
  readonly disposition = 'reject';

  constructor(ttlMs: number, lastReason: string) {
    super(`the record was not written within ${ttlMs} ms; last failure: ${lastReason}`, { details: { ttlMs } });
  }
}

/** The interpolation of a key failed for a record. */
export class KeyInterpolationError extends SluiceError {
  readonly code = 'KEY_INTERPOLATION';
  readonly disposition = 'reject';

  constructor(field: 'partition key' | 'hash key', cause: unknown) {
    super(`${field} interpolation error: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, details: { field } });
  }
}

/** A processor failed for a record, and the configuration refuses such records (`error_handling.strict`). */
export class ProcessingFailedError extends SluiceError {
  readonly code = 'PROCESSING_FAILED';
  readonly disposition = 'reject';

  constructor({ message, path = '' }: { readonly message: string; readonly path?: string }) {
    super(`processor ${path} failed: ${message}`, { details: { processor: path } });
  }
}

/** An egress takes its stream from the record, and nothing that writes to it names one. */
export class EgressStreamMissingError extends SluiceError {
  readonly code = 'EGRESS_STREAM_MISSING';
  readonly disposition = 'fatal';

  constructor(egressId: string) {
    super(`egress ${egressId} has no stream: a module.yaml egress that is fed by a route needs \`sluice.egresses."${egressId}".stream\``, {
      details: { egressId },
    });
  }
}

/** The destination stream places records by itself, which breaks the order per key that the egress promises. */
export class AutoDistributedStreamError extends SluiceError {
  readonly code = 'STREAM_AUTO_DISTRIBUTED';
  readonly disposition = 'fatal';

  constructor(stream: string) {
    super(
      `stream ${stream} uses AUTO record distribution, which ignores partition keys and so keeps no order; set \`ordering: none\` for its egress or use a stream with ordinary distribution`,
      { details: { stream } },
    );
  }
}

/** A lease could not be renewed, so an open request for its lane had to end. Whether it was carried out is unknown. */
export class LeaseEndingError extends SluiceError {
  readonly code = 'LEASE_ENDING';
  readonly disposition = 'retry';

  constructor() {
    super('the request was ended before its answer came: a lease of its lanes could not be renewed and is about to end');
  }
}
