import { SluiceError } from '@sluice/core';

/** A source is not what its scanner takes. What is left of it is not read. */
export class SourceMalformedError extends SluiceError {
  readonly code = 'SOURCE_MALFORMED';
  readonly disposition = 'reject';
}
