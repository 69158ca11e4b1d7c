/**
 * Why one attempt of a call failed. `connection`: no whole answer came; `status`: it was none of success; `answer`: it was no answer of a
 * function; `timeout`: it was still open when its time was over.
 */
export type AttemptFailureKind = 'connection' | 'status' | 'answer' | 'timeout';

/** What an adaptive limit of concurrency needs to know, and a log line. */
export interface AttemptFailure {
  readonly kind: AttemptFailureKind;
  readonly why: string;
  readonly status: number | undefined;
  /** From the header `Retry-After`. */
  readonly retryAfterMs: number | undefined;
  /** The server took no connection: nobody listens there. */
  readonly isRefused: boolean;
}

/** Carries a failure from where it is noticed to the loop that decides about another attempt. */
export class AttemptFailedError extends Error {
  readonly failure: AttemptFailure;

  constructor(kind: AttemptFailureKind, why: string, facts: Partial<AttemptFailure> = {}, cause?: unknown) {
    super(why, { cause });
    this.failure = { status: undefined, retryAfterMs: undefined, isRefused: false, ...facts, kind, why };
  }
}

const REFUSED = new Set(['ECONNREFUSED', 'ENOENT']);

/** An error of the network or of undici. Its code tells more than its text, which may be empty. */
export function connectionFailure(error: unknown): AttemptFailedError {
  const { code, message } = rootOf(error);
  return new AttemptFailedError(
    'connection',
    [code, message].filter(Boolean).join(': ') || 'connection failed',
    { isRefused: REFUSED.has(code ?? '') },
    error,
  );
}

/** A host with several addresses fails with one error for each; the first stands for all. */
function rootOf(error: unknown): { code?: string; message: string } {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? (first as Error & { code?: string }) : { message: String(first) };
}
