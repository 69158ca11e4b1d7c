import { SluiceError } from '@sluice/core';
import type { NodeProcess } from '@sluice/testkit';

/** A process of `sluice up` ended that should have gone on. */
export class ProcessEndedError extends SluiceError {
  readonly code = 'PROCESS_ENDED';
  readonly disposition = 'fatal';

  constructor({ name, logFile, lastLines }: NodeProcess) {
    const reason = lastLines.at(-1) ?? 'it wrote nothing';
    super(`${name} ended; its last line: ${reason}; its log: ${logFile}`, { details: { name, logFile } });
  }
}

/** The pipeline stopped moving before everything had arrived. */
export class PipelineStuckError extends SluiceError {
  readonly code = 'PIPELINE_STUCK';
  readonly disposition = 'fatal';

  constructor({ fed, written, inLanes }: { fed: number; written: number; inLanes: number }, quietMs: number, logs: string) {
    super(
      `nothing has moved for ${Math.round(quietMs / 1000)} s: ${fed} records were fed, ${written} arrived, ${inLanes} wait in lanes; see the logs in ${logs}`,
      { details: { fed, written, inLanes } },
    );
  }
}

/** The tour of functions stopped making progress before every visitor was greeted. */
export class GreetingsMissingError extends SluiceError {
  readonly code = 'GREETINGS_MISSING';
  readonly disposition = 'fatal';

  constructor(missing: number, quietMs: number, logs: string) {
    super(`nobody was greeted for ${Math.round(quietMs / 1000)} s, and ${missing} greetings are missing; see the logs in ${logs}`, {
      details: { missing },
    });
  }
}

/** The flags of `sluice up` cannot be followed. Nothing was started. */
export class UpUsageError extends SluiceError {
  readonly code = 'UP_USAGE';
  readonly disposition = 'fatal';
}
