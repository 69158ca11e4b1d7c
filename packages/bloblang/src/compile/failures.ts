import { BloblangError, errorText, findCause } from '../value/errors.ts';

/** Thrown when maps apply one another without end. */
export class MapDepthError extends BloblangError {
  constructor(name: string, limit: number) {
    super(`entering map ${name} exceeded maximum allowed stacks of ${limit}, this could be due to unbounded recursion`);
  }
}

/** Thrown when a statement fails; the cause is what its expression or its target threw. */
export class FailedAssignmentError extends BloblangError {
  readonly line: number;

  constructor(line: number, cause: unknown) {
    const text = cause instanceof RangeError ? 'evaluation is nested too deeply' : errorText(cause);
    super(`failed assignment (line ${line}): ${text}`, cause instanceof BloblangError && cause.isLocated, cause);
    this.line = line;
  }
}

/**
 * The failure of a statement. Within a map only the innermost statement is told, not the maps that led to it, and of a recursion
 * without end only that.
 */
export function failedAssignment(error: unknown, line: number, isWithinMap: boolean): BloblangError {
  if (!isWithinMap) return new FailedAssignmentError(line, error);
  return findCause(error, FailedAssignmentError) ?? new FailedAssignmentError(line, findCause(error, MapDepthError) ?? error);
}
