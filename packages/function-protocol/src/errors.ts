import { SluiceError } from '@sluice/core';

/** Thrown when bytes are no message of the protocol: cut off, of another type, or with text that is not UTF-8. */
export class MalformedMessageError extends SluiceError {
  readonly code = 'FUNCTION_MESSAGE_MALFORMED';
  readonly disposition = 'reject';

  constructor(what: string, byteSize: number, cause: unknown) {
    super(`expected ${what}, got ${byteSize} bytes that are none: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      details: { what, byteSize },
    });
  }
}

/** Thrown when a value that a person wrote does not fit the type it is to have. */
export class UnfitValueError extends SluiceError {
  readonly code = 'VALUE_UNFIT';
  readonly disposition = 'reject';

  constructor(typename: string, expected: string, found: unknown) {
    super(`expected ${expected} for ${typename}, got ${found === null ? 'null' : Array.isArray(found) ? 'a list' : `a ${typeof found}`}`, {
      details: { typename },
    });
  }
}
