import { type Problem, renderProblem } from '@sluice/config';
import { SluiceError } from '@sluice/core';

/** The configuration of a worker has errors. Nothing was started. */
export class WorkerConfigError extends SluiceError {
  readonly code = 'WORKER_CONFIG_INVALID';
  readonly disposition = 'fatal';
  /** Every error, with file, line and column. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const [first] = problems;
    const found = problems.length === 1 ? 'an error' : `${problems.length} errors, the first`;
    const text = first === undefined ? 'none' : renderProblem(first, new Map(), { excerpt: false }).trim();
    super(`expected a valid configuration, found ${found}: ${text}`, { details: { errors: problems.length } });
    this.problems = problems;
  }
}
