import type { PlannedRow } from './planned-row.ts';

/** How much the rows of a group give its workers to do. */
export class Loads {
  readonly #typical: number;
  readonly #byWorker: Map<string, number>;

  /** A row that was not measured yet counts as a typical one. */
  private constructor(rows: readonly PlannedRow[], members: readonly string[], known: readonly number[]) {
    this.#typical = known.reduce((sum, load) => sum + load, 0) / known.length;
    this.#byWorker = new Map(members.map((member) => [member, 0]));
    for (const row of rows) {
      const before = this.#byWorker.get(row.worker);
      if (before !== undefined) this.#byWorker.set(row.worker, before + this.of(row));
    }
  }

  /** `undefined` where nobody measures. */
  static of(rows: readonly PlannedRow[], members: readonly string[]): Loads | undefined {
    const known = rows.flatMap(({ load }) => (load === undefined ? [] : [load]));
    return known.length === 0 ? undefined : new Loads(rows, members, known);
  }

  of({ load }: PlannedRow): number {
    return load ?? this.#typical;
  }

  ofWorker(worker: string): number {
    return this.#byWorker.get(worker) ?? 0;
  }

  /** How far a row is from one of those that even out the two workers when so many of them move. */
  misfit(row: PlannedRow, from: string, to: string, count: number): number {
    return Math.abs(this.of(row) - Math.max(0, this.ofWorker(from) - this.ofWorker(to)) / 2 / count);
  }

  /** From the busiest to the idlest, by name where they are equal. */
  get workers(): readonly string[] {
    return [...this.#byWorker].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([worker]) => worker);
  }

  /** Of a worker, on average. */
  get mean(): number {
    return [...this.#byWorker.values()].reduce((sum, load) => sum + load, 0) / this.#byWorker.size;
  }
}
