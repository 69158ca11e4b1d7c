/**
 * Thrown when a mapping fails on a message; `.catch()` and `|` recover from it. `message` is the original's text.
 * It carries no stack: mappings use failures as control flow and a stack costs more than the mapping.
 */
export class BloblangError extends Error {
  /** Whether the text already names the expression that failed, so that no outer one adds its own name. */
  readonly isLocated: boolean;

  constructor(message: string, isLocated = false, cause?: unknown) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      super(message, cause === undefined ? undefined : { cause });
    } finally {
      // Also where the stack is full, so that `super` throws.
      Error.stackTraceLimit = limit;
    }
    this.name = 'BloblangError';
    this.isLocated = isLocated;
  }
}

/** Thrown when an expression needs `this` and the message is not structured. */
export class NoContextError extends BloblangError {
  readonly fieldName: string;

  constructor(fieldName: string) {
    super(fieldName === '' ? 'context was undefined' : `context was undefined, unable to reference \`${fieldName}\``);
    this.fieldName = fieldName;
  }
}

/** An error that says what was being done in front of the cause: `failed to process element 0: …`. */
export function wrapError(prefix: string, cause: unknown): BloblangError {
  return new BloblangError(`${prefix}: ${errorText(cause)}`, cause instanceof BloblangError && cause.isLocated, cause);
}

/** The first error of a class among an error and its causes. */
export function findCause<E extends BloblangError>(error: unknown, type: abstract new (...args: never[]) => E): E | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof type) return cause;
  }
  return undefined;
}

/** The text of a failure as `.catch(err -> …)` sees it. */
export function errorText(error: unknown): string {
  if (isStackOverflow(error)) return 'evaluation is nested too deeply';
  return error instanceof Error ? error.message : String(error);
}

/** Whether the stack was full. */
export const isStackOverflow = (error: unknown): boolean => error instanceof RangeError && error.message.startsWith('Maximum call stack');
