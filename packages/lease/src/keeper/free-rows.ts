import type { PlannedRow } from '../plan/planned-row.ts';

/** Remembers since when each row has been seen free. */
export class FreeRows {
  readonly #overdueMs: number;
  #since = new Map<string, number>();

  constructor(overdueMs: number) {
    this.#overdueMs = overdueMs;
  }

  /** The rows that stayed free for longer than the worker they belong to should need. */
  overdue(rows: readonly PlannedRow[], now: number): ReadonlySet<string> {
    const free = rows.filter(({ worker }) => worker === '').map(({ key }) => key);
    this.#since = new Map(free.map((key) => [key, this.#since.get(key) ?? now]));
    return new Set(free.filter((key) => now - this.#since.get(key)! > this.#overdueMs));
  }
}
