import type { RecordInHand } from './record-in-hand.ts';

interface Outcome {
  /** Those that are to be written again, or never will be. */
  readonly failed: ReadonlySet<RecordInHand>;
  /** Of these, those that never will be; nobody can pass them. */
  readonly rejected: ReadonlySet<RecordInHand>;
  /** Of the failed ones, those that were written nevertheless, with others in a shard to which not all of them belong: some readers find them. */
  readonly misplaced: ReadonlySet<RecordInHand>;
}

interface Request {
  readonly items: readonly RecordInHand[];
  entryOf(index: number): number;
}

/** How many records of a request are written although an earlier one of their line, in another entry of the request, is yet to be. */
export function countPassed(request: Request, lineOf: (record: RecordInHand) => string, { failed, rejected, misplaced }: Outcome): number {
  /** The entry of the first record of a line that is yet to be written. */
  const waiting = new Map<string, number>();
  let passed = 0;
  for (const [index, record] of request.items.entries()) {
    const entry = request.entryOf(index);
    const line = lineOf(record);
    const first = waiting.get(line);
    if (!failed.has(record) || misplaced.has(record)) passed += first !== undefined && first !== entry ? 1 : 0;
    if (failed.has(record) && !rejected.has(record) && first === undefined) waiting.set(line, entry);
  }
  return passed;
}
