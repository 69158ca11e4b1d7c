import type { RecordInHand } from './record-in-hand.ts';

interface Outcome {
  /** Those that are not written. */
  readonly failed: ReadonlySet<RecordInHand>;
  /** Of these, those that never will be; nobody can pass them. */
  readonly rejected: ReadonlySet<RecordInHand>;
}

/** How many records of a request are written although an earlier one of their line, in the same request, is yet to be. */
export function countPassed(
  request: readonly RecordInHand[],
  lineOf: (record: RecordInHand) => string,
  { failed, rejected }: Outcome,
): number {
  const waiting = new Set<string>();
  let passed = 0;
  for (const record of request) {
    if (!failed.has(record)) passed += waiting.has(lineOf(record)) ? 1 : 0;
    else if (!rejected.has(record)) waiting.add(lineOf(record));
  }
  return passed;
}
