import { SluiceError } from '@sluice/core';
import type { WorkerProcess } from '@sluice/testkit';

/** A process of `sluice up` ended that should have gone on. */
export class ProcessEndedError extends SluiceError {
  readonly code = 'PROCESS_ENDED';
  readonly disposition = 'fatal';

  constructor({ name, logFile, lastLines }: WorkerProcess) {
    const reason = lastLines.at(-1) ?? 'it wrote nothing';
    super(`${name} ended; its last line: ${reason}; its log: ${logFile}`, { details: { name, logFile } });
  }
}

/** The pipeline did not hand on everything in time. */
export class DrainTimeoutError extends SluiceError {
  readonly code = 'DRAIN_TIMEOUT';
  readonly disposition = 'fatal';

  constructor(waitedMs: number, missing: number) {
    super(`${missing} records had not arrived ${Math.round(waitedMs / 1000)} s after the last one was fed; see the workers' logs`);
  }
}
