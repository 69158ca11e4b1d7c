import { SluiceError } from '@sluice/core';

/**
 * Thrown when a stored value has another type than its function declares. The address waits: an operator sets or deletes the value, or
 * a version of the function that declares the stored type is deployed.
 */
export class StoredTypeError extends SluiceError {
  readonly code = 'FUNCTION_STATE_TYPE';
  readonly disposition = 'retry';

  constructor(name: string, declared: string, stored: string) {
    super(
      `expected a value of type \`${declared}\` in state \`${name}\`, found one of \`${stored}\`; set or delete it, or declare that type`,
      {
        details: { state: name, declared, stored },
      },
    );
  }
}

/** Thrown when a line of an import cannot be used. What came before it is imported. */
export class StateLineError extends SluiceError {
  readonly code = 'FUNCTION_STATE_LINE';
  readonly disposition = 'reject';

  constructor(line: number, problem: string, cause?: unknown) {
    super(`line ${line} of the import: ${problem}`, { cause, details: { line } });
  }
}
