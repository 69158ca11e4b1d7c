import { SluiceError } from '@sluice/core';

/** What is wrong with an answer that is well formed. */
export type AnswerFault =
  | 'unknown-function'
  | 'unknown-egress'
  | 'wrong-egress-type'
  | 'malformed-record'
  | 'negative-delay'
  | 'missing-token'
  | 'token-used-twice'
  | 'unknown-mutation'
  | 'unknown-state'
  | 'wrong-state-type'
  | 'invalid-state-type'
  | 'invalid-expiration'
  | 'state-type-changed'
  | 'no-new-state';

/**
 * Thrown when a function answered with something that cannot be done. None of the answer takes effect; its address waits, and the same
 * messages are tried again later, since a new version of the function may answer otherwise.
 */
export class InvalidAnswerError extends SluiceError {
  readonly code = 'FUNCTION_ANSWER_INVALID';
  readonly disposition = 'retry';
  readonly fault: AnswerFault;

  constructor(fault: AnswerFault, message: string, details: Record<string, unknown> = {}) {
    super(`the function's answer is refused: ${message}`, { details: { fault, ...details } });
    this.fault = fault;
  }
}
