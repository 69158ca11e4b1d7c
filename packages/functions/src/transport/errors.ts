import { SluiceError } from '@sluice/core';

/** Thrown when an endpoint's certificates, key or URL cannot be used. No function of the endpoint can be called. */
export class EndpointUnusableError extends SluiceError {
  readonly code = 'FUNCTION_ENDPOINT_UNUSABLE';
  readonly disposition = 'fatal';

  constructor(endpointId: string, why: string, cause?: unknown) {
    super(`endpoint ${endpointId}: ${why}`, { cause, details: { endpointId } });
  }
}

/** What is known of the last attempt of a call. */
export interface CallFacts {
  /** Where the function is: the URL without its query. */
  readonly url: string;
  readonly attempts: number;
  readonly elapsedMs: number;
  /** The HTTP status of the last attempt, where it had an answer. */
  readonly status: number | undefined;
  /** The pause that the function server asked for with the last attempt. */
  readonly retryAfterMs: number | undefined;
}

/** Thrown when a function did not answer, or not as it must, within the time of a call. Its messages are kept and tried again later. */
export class FunctionCallError extends SluiceError {
  readonly code = 'FUNCTION_CALL_FAILED';
  readonly disposition = 'retry';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(why: string, facts: CallFacts, cause?: unknown) {
    const attempts = facts.attempts === 1 ? 'after one attempt' : `after ${facts.attempts} attempts in ${Math.round(facts.elapsedMs)} ms`;
    super(`call of ${facts.url} failed ${attempts}: ${why}`, { cause, details: { ...facts } });
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
