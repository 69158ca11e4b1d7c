import { BloblangError, errorText, findCause, isStackOverflow as isFullStack } from '@sluice/values';

/** Thrown when maps apply one another without end. */
export class MapDepthError extends BloblangError {
  constructor(name: string) {
    super(`entering map ${name} exceeded maximum allowed stacks of ${MAX_MAP_DEPTH}, this could be due to unbounded recursion`);
  }
}

/** Thrown when a statement fails; the cause is what its expression or its target threw. */
export class FailedAssignmentError extends BloblangError {
  readonly line: number;

  constructor(line: number, cause: unknown) {
    const text = isStackOverflow(cause) ? 'evaluation is nested too deeply' : errorText(cause);
    super(`failed assignment (line ${line}): ${text}`, cause instanceof BloblangError && cause.isLocated, cause);
    this.line = line;
  }
}

/** How many maps may be entered within one another. */
export const MAX_MAP_DEPTH = 5000;

/**
 * The failure of a statement. Within a map only the innermost statement is reported, not the maps that led to it, and of a recursion
 * without end only that. A recursion that goes through conditions or the lambdas of methods ends when the stack is full.
 */
export function failedAssignment(error: unknown, line: number, mapName: string | null): BloblangError {
  if (mapName === null) return new FailedAssignmentError(line, error);
  const depthError = isStackOverflow(error) ? new MapDepthError(mapName) : findCause(error, MapDepthError);
  return findCause(error, FailedAssignmentError) ?? new FailedAssignmentError(line, depthError ?? error);
}

/** Whether the stack was full, however many expressions have put their names in front since. */
function isStackOverflow(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RangeError) return isFullStack(cause);
  }
  return false;
}
