import { SluiceError } from '@sluice/core';

/** The output of dead letters could not be reached, or refused the call. They stay in Redis and are sent again. */
export class DeadLetterOutputError extends SluiceError {
  readonly code = 'DEAD_LETTER_OUTPUT_FAILED';
  readonly disposition = 'retry';

  constructor(output: string, cause: unknown) {
    super(`dead letters could not be sent to ${output}: ${textOf(cause)}`, { cause, details: { output } });
  }
}

/** A dead letter, written as a line, is larger than the output takes. It stays in Redis. */
export class DeadLetterTooLargeError extends SluiceError {
  readonly code = 'DEAD_LETTER_TOO_LARGE';
  readonly disposition = 'reject';

  constructor(output: string, bytes: number, maxBytes: number) {
    super(
      `expected a dead letter of at most ${maxBytes} bytes for ${output}, got ${bytes}: it stays in Redis; a file or S3 has no such limit`,
      { details: { output, bytes, maxBytes } },
    );
  }
}

/** The output refuses a dead letter whatever is sent with it. It stays in Redis. */
export class DeadLetterRefusedError extends SluiceError {
  readonly code = 'DEAD_LETTER_REFUSED';
  readonly disposition = 'reject';

  constructor(output: string, code: string, reason: string) {
    super(`${output} refuses the dead letter with ${code}: ${reason}; it stays in Redis`, { details: { output, code } });
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause));
