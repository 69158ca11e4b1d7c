import { SluiceError } from '@sluice/core';
import type { ProcessorPosition } from './processor.ts';

/** A processor is configured so that it can never run: an unknown type or format, or Bloblang that does not parse. */
export class ProcessorConfigError extends SluiceError {
  readonly code = 'PROCESSOR_CONFIG';
  readonly disposition = 'fatal';
  /** Without the place. */
  readonly reason: string;

  constructor({ file, line, column }: ProcessorPosition, path: string, reason: string, cause?: unknown) {
    super(`${file}(${line},${column}) \`${path}\`: ${reason}`, { cause, details: { path } });
    this.reason = reason;
  }
}

/** A `crash` processor ran: the configuration wants the process to end. */
export class ProcessorCrashError extends SluiceError {
  readonly code = 'PROCESSOR_CRASH';
  readonly disposition = 'fatal';

  constructor(path: string) {
    super(`the processor \`${path}\` ends the process, as configured; its message is the log line before`, { details: { path } });
  }
}
