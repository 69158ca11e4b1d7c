import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { planLeases } from './plan-leases.ts';
import type { PlannedRow } from './planned-row.ts';

describe('planLeases', () => {
  it('claims everything for a worker that is alone', () => {
    expect(planLeases(rowsOf({ '': 3 }), ['ada'], 'ada')).toMatchObject({ claim: ['row-0', 'row-1', 'row-2'], release: [] });
  });

  it('plans nothing where there is nothing, and counts itself before it is a member', () => {
    expect(planLeases([], ['ada'], 'ada')).toMatchObject({ claim: [], release: [] });
    expect(planLeases(rowsOf({ '': 2 }), [], 'ada').claim).toHaveLength(2);
  });

  it('gives each free row to exactly one of the workers with the same view', () => {
    const rows = rowsOf({ '': 7 });
    const claims = ['ada', 'bob', 'cyd'].map((me) => planLeases(rows, ['ada', 'bob', 'cyd'], me).claim);
    expect(claims.map(({ length }) => length).sort()).toEqual([2, 2, 3]);
    expect(claims.flat().sort()).toEqual(rows.map(({ key }) => key));
  });

  it('leaves the larger share with whoever has it', () => {
    const rows = rowsOf({ bob: 3, ada: 2 });
    for (const me of ['ada', 'bob']) expect(planLeases(rows, ['ada', 'bob'], me)).toMatchObject({ claim: [], release: [] });
  });

  it('gives up a third of a surplus at a time, each row with its successor', () => {
    const plan = planLeases(rowsOf({ ada: 12 }), ['ada', 'bob', 'cyd'], 'ada');
    expect(plan.release).toHaveLength(3);
    expect(new Set(plan.release.map(({ successor }) => successor))).toEqual(new Set(['bob']));
    expect(planLeases(rowsOf({ ada: 12 }), ['ada', 'bob', 'cyd'], 'bob')).toMatchObject({ claim: [], release: [] });
  });

  it('is settled once every worker has its share, whichever worker asks', () => {
    const isSettled = (counts: Record<string, number>) =>
      ['ada', 'bob'].map((me) => planLeases(rowsOf(counts), ['ada', 'bob'], me).isSettled);
    expect(isSettled({ ada: 3, bob: 2 })).toEqual([true, true]);
    expect(isSettled({ ada: 3, bob: 1 })).toEqual([false, false]);
    expect(isSettled({ ada: 2, bob: 2, '': 1 })).toEqual([false, false]);
    expect(isSettled({ ada: 2, bob: 2, gone: 1 })).toEqual([false, false]);
  });

  it('gives up nothing that was moved to it', () => {
    const rows = rowsOf({ ada: 4 }).map((row, index) => ({ ...row, isMoved: index < 3 }));
    expect(planLeases(rows, ['ada', 'bob'], 'ada').release).toEqual([{ key: rows[3]!.key, successor: 'bob' }]);
    expect(planLeases(rows.slice(0, 3), ['ada', 'bob'], 'ada').release).toEqual([]);
  });

  it('sends two surpluses to different places', () => {
    const members = ['ada', 'bob', 'cyd', 'dee'];
    const rows = rowsOf({ ada: 2, bob: 2 });
    const successors = ['ada', 'bob'].flatMap((me) => planLeases(rows, members, me).release.map(({ successor }) => successor));
    expect(successors.sort()).toEqual(['cyd', 'dee']);
  });

  it('gives nothing up while free rows fill what others lack', () => {
    expect(planLeases(rowsOf({ ada: 3, '': 3 }), ['ada', 'bob'], 'ada')).toMatchObject({ claim: [], release: [] });
    expect(planLeases(rowsOf({ ada: 3, '': 3 }), ['ada', 'bob'], 'bob').claim).toHaveLength(3);
  });

  it('takes an overdue row whoever it belongs to', () => {
    const rows = rowsOf({ ada: 2, '': 1 }).map((row) => ({ ...row, isOverdue: row.worker === '' }));
    expect(planLeases(rows, ['ada', 'bob'], 'ada').claim).toEqual(['row-2']);
  });

  it('waits for the rows of a worker that is gone but has not expired', () => {
    expect(planLeases(rowsOf({ gone: 4 }), ['ada', 'bob'], 'ada')).toMatchObject({ claim: [], release: [] });
  });

  it('brings any cluster to equal shares without a row in two hands, and then leaves it alone', () => {
    const { seed, next } = randomFor('plans of leases');
    for (let run = 0; run < 150; run++) {
      const cluster = new Cluster(Math.floor(next() * 80), next);
      for (let change = 0; change < 4; change++) {
        cluster.change();
        const rounds = cluster.settle();
        expect(rounds, `rounds with seed ${seed}, run ${run}`).toBeLessThan(20);
        expect(cluster.spread(), `spread with seed ${seed}, run ${run}`).toBeLessThanOrEqual(1);
        expect(cluster.moves, `moves with seed ${seed}, run ${run}`).toBeLessThanOrEqual(cluster.needed);
      }
    }
  });
});

/** Rows named `row-0`, `row-1`, …, so many for each worker in the order given; those of '' are free. */
const rowsOf = (counts: Record<string, number>): PlannedRow[] =>
  Object.entries(counts)
    .flatMap(([worker, count]) => Array<string>(count).fill(worker))
    .map((worker, index) => ({ key: `row-${index}`, worker }));

/** Workers that come and go and do what each one's plan says, all with the same view. */
class Cluster {
  moves = 0;
  /** How many rows must move after the last change: what the workers that are there hold too little, free rows left out. */
  needed = 0;
  #rows: PlannedRow[];
  #members: string[] = ['w0'];
  #named = 1;
  readonly #random: () => number;

  constructor(rows: number, random: () => number) {
    this.#rows = rowsOf({ '': rows });
    this.#random = random;
    this.settle();
  }

  change(): void {
    const joining = Math.floor(this.#random() * 3);
    const leaving = new Set(this.#members.filter(() => this.#random() < 0.3));
    this.#members = [
      ...this.#members.filter((member) => !leaving.has(member)),
      ...Array.from({ length: joining }, () => `w${this.#named++}`),
    ];
    if (this.#members.length === 0) this.#members = [`w${this.#named++}`];
    this.#rows = this.#rows.map((row) => (leaving.has(row.worker) ? { ...row, worker: '' } : row));
    const share = Math.floor(this.#rows.length / this.#members.length);
    this.needed = this.#counts().reduce((sum, count) => sum + Math.max(0, count - share), 0);
    this.moves = 0;
  }

  /** Plans and obeys until nobody plans anything; answers how many rounds that took. */
  settle(): number {
    for (let round = 0; ; round++) {
      const plans = this.#members.map((me) => ({ me, ...planLeases(this.#rows, this.#members, me) }));
      const claims = new Map(plans.flatMap(({ me, claim }) => claim.map((key) => [key, me] as const)));
      const releases = new Map(plans.flatMap(({ release }) => release.map(({ key, successor }) => [key, successor] as const)));
      if (claims.size + releases.size === 0) return round;
      expect(claims.size).toBe(plans.reduce((sum, { claim }) => sum + claim.length, 0));
      this.moves += releases.size;
      this.#rows = this.#rows.map(({ key, worker }) => ({ key, worker: claims.get(key) ?? releases.get(key) ?? worker }));
      if (round > 50) return round;
    }
  }

  spread(): number {
    const counts = this.#counts();
    return Math.max(...counts) - Math.min(...counts);
  }

  #counts(): number[] {
    return this.#members.map((member) => this.#rows.filter(({ worker }) => worker === member).length);
  }
}
