import { SluiceError } from '@sluice/core';

/** Some messages of a batch could not be written; the others were. */
export class BatchError extends SluiceError {
  readonly code = 'BATCH_FAILED';
  readonly disposition = 'retry';
  /** By the index of the message. */
  readonly failures: ReadonlyMap<number, Error>;

  constructor(failures: ReadonlyMap<number, Error>, size: number) {
    const [first] = failures.values();
    super(`${failures.size} of ${size} messages could not be delivered: ${first?.message}`, { cause: first });
    this.failures = failures;
  }
}

/** An output, a processor or a server refused a message, as configured, and would refuse it again. The text is that of whoever refused. */
export class MessageRejectedError extends SluiceError {
  readonly code = 'MESSAGE_REJECTED';
  readonly disposition = 'reject';
}

/** A server did not take a message. */
export class MessageNotSentError extends SluiceError {
  readonly code = 'MESSAGE_NOT_SENT';
  readonly disposition = 'retry';
}

/** A component is configured so that it can never run. */
export class ComponentConfigError extends SluiceError {
  readonly code = 'COMPONENT_CONFIG';
  readonly disposition = 'fatal';

  constructor({ path, position: { file, line, column } }: Located, reason: string, cause?: unknown) {
    super(`${file}(${line},${column}) \`${path.replace(/^root\./, '')}\`: ${reason}`, { cause, details: { path } });
  }
}

/** Where a component stands in the configuration. */
export interface Located {
  readonly path: string;
  readonly position: { readonly file: string; readonly line: number; readonly column: number };
}

/** The failures of a batch of `size` messages, by index. */
export function failuresIn(failure: Error | undefined, size: number): ReadonlyMap<number, Error> {
  if (failure === undefined) return NONE;
  if (failure instanceof BatchError) return failure.failures;
  return new Map(Array.from({ length: size }, (_, index) => [index, failure]));
}

/** The same as one error: that of all messages where they have failed for the same reason. */
export function failureOf(failures: ReadonlyMap<number, Error>, size: number): Error | undefined {
  if (failures.size === 0) return undefined;
  const [first] = failures.values();
  const isShared = failures.size === size && [...failures.values()].every((failure) => failure === first);
  return isShared ? first : new BatchError(failures, size);
}

const NONE: ReadonlyMap<number, Error> = new Map();
