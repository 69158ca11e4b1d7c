import { SluiceError } from '@sluice/core';
import type { ProcessorPosition } from './processor.ts';

/** A processor is configured so that it can never run: an unknown type or format, or Bloblang that does not parse. */
export class ProcessorConfigError extends SluiceError {
  readonly code = 'PROCESSOR_CONFIG';
  readonly disposition = 'fatal';

  constructor({ file, line, column }: ProcessorPosition, path: string, reason: string, cause?: unknown) {
    super(`${file}(${line},${column}) \`${path}\`: ${reason}`, { cause, details: { path } });
  }
}
