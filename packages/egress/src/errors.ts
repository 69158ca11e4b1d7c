import { SluiceError } from '@sluice/core';
import type { StreamNotFoundError } from '@sluice/kinesis';

/** Kinesis failed a record; a retry may succeed. */
export class RecordFailedError extends SluiceError {
  readonly code = 'RECORD_FAILED';
  readonly disposition = 'retry';

  constructor(errorCode: string, errorMessage: string, stream: string) {
    super(`kinesis failed the record with ${errorCode}: ${errorMessage}`, { details: { errorCode, stream } });
  }
}

/** The stream was resharded: the record was written in a container to a shard that not all of it belong to, and must be written again. */
export class RecordMisplacedError extends SluiceError {
  readonly code = 'RECORD_MISPLACED';
  readonly disposition = 'retry';

  constructor(stream: string) {
    super('the record was aggregated with others for a shard that no longer takes all their keys: it is written again', {
      details: { stream },
    });
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

/** A record was not written by as many attempts, or in as long, as its output allows. */
export class RecordNotWrittenError extends SluiceError {
  readonly code = 'RECORD_NOT_WRITTEN';
  readonly disposition = 'retry';

  constructor(stream: string, { reason, attempts }: { readonly reason: { readonly message: string }; readonly attempts: number }) {
    super(`the record was not written to ${stream} by ${attempts} attempts; last failure: ${reason.message}`, {
      details: { stream, attempts },
    });
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

/** A record names no stream, and its egress has none for such records. */
export class StreamUnnamedError extends SluiceError {
  readonly code = 'STREAM_UNNAMED';
  readonly disposition = 'reject';

  constructor(egressId: string) {
    super(
      `the record names no stream, and egress ${egressId} has none for such records: name one in the record, or set \`sluice.egresses."${egressId}".stream\``,
      { details: { egressId } },
    );
  }
}

/** A request says that the stream that its records name does not exist. That concerns these records only, and is looked at again. */
export class NamedStreamNotFoundError extends SluiceError {
  readonly code = 'NAMED_STREAM_NOT_FOUND';
  readonly disposition = 'retry';

  constructor(cause: StreamNotFoundError) {
    super(cause.message, { cause, details: cause.details });
  }
}

/** The stream that a record names does not exist, as several looks in a row have found. */
export class NamedStreamMissingError extends SluiceError {
  readonly code = 'STREAM_MISSING';
  readonly disposition = 'reject';

  constructor(stream: string, looks: number) {
    super(
      `the record names stream ${stream}, which Kinesis did not find at ${looks} looks in a row: correct the name where the record is made, or create the stream and redrive the record`,
      { details: { stream, looks } },
    );
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
