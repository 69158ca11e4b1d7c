import { JqError } from './errors.ts';

/** Calls of functions and rounds of loops that one run may take: some seconds of work, where it ought to take microseconds. */
const MAX_STEPS = 10_000_000;

let left = MAX_STEPS;

/** One run at a time: nothing in it waits. */
export function startSteps(): void {
  left = MAX_STEPS;
}

/** @throws {JqError} the run takes too long */
export function countStep(): void {
  if (--left < 0) throw new JqError(`evaluation exceeds the maximum of ${MAX_STEPS} steps`);
}
