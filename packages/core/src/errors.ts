/** How a worker must answer a failure. Decided where the error is made, obeyed everywhere else. */
export type Disposition = 'retry' | 'reject' | 'fatal';

/** What crosses Redis or reaches an operator in place of an error object. Never holds a payload or a secret. */
export interface ErrorReport {
  readonly code: string;
  readonly disposition: Disposition;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Base of every error Sluice throws. Match on `code`, never on `message`. */
export abstract class SluiceError extends Error {
  abstract readonly code: `${Uppercase<string>}`;
  abstract readonly disposition: Disposition;

  /** Facts for the log line: identifiers and sizes, never payloads or secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.details = options.details ?? {};
  }
}

/** Whether trying again could help. An error that we did not make is a bug and is never retried. */
export function isRetryable(error: unknown): boolean {
  return error instanceof SluiceError && error.disposition === 'retry';
}

/** Whether the record can never succeed and belongs among the dead letters. */
export function isRejected(error: unknown): boolean {
  return error instanceof SluiceError && error.disposition === 'reject';
}

/** The facts of any thrown value. An unknown error keeps its name and message but is `fatal`: it is a bug. */
export function toErrorReport(error: unknown): ErrorReport {
  if (error instanceof SluiceError) {
    const { code, disposition, message, details } = error;
    return { code, disposition, message, details };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'INTERNAL', disposition: 'fatal', message, details: {} };
}
