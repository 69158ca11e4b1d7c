import type { RecordInHand } from './record-in-hand.ts';

/**
 * How many records of a request are written although an earlier one of their key, in the same request, is yet to be.
 * @param failed those that are not written
 * @param rejected of these, those that never will be; nobody can pass them
 */
export function countPassed(
  request: readonly RecordInHand[],
  failed: ReadonlySet<RecordInHand>,
  rejected: ReadonlySet<RecordInHand>,
): number {
  const waiting = new Set<string>();
  let passed = 0;
  for (const record of request) {
    if (!failed.has(record)) passed += waiting.has(record.partitionKey) ? record.count : 0;
    else if (!rejected.has(record)) waiting.add(record.partitionKey);
  }
  return passed;
}
