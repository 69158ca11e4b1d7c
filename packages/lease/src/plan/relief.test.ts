import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { planLeases } from './plan-leases.ts';
import type { PlannedRow } from './planned-row.ts';
import { reliefOf } from './relief.ts';

const MIB = 1024 ** 2;

describe('reliefOf', () => {
  it('has the busiest worker, and no other, give the idlest what evens them out', () => {
    const rows = rowsOf({ ada: [4, 1, 1], bob: [1, 1, 1], cyd: [2, 1, 1] });
    const reliefs = ['ada', 'bob', 'cyd'].map((me) => reliefOf(rows, ['ada', 'bob', 'cyd'], me));
    // Four for one would only turn the two round.
    expect(reliefs).toEqual([undefined, undefined, undefined]);
    const many = rowsOf({ ada: [3, 2, 2], bob: [1, 1, 1], cyd: [2, 2, 1] });
    expect(['ada', 'bob', 'cyd'].map((me) => reliefOf(many, ['ada', 'bob', 'cyd'], me))).toEqual([
      { key: 'ada-0', successor: 'bob' },
      undefined,
      undefined,
    ]);
  });

  it('moves nothing for a small gap, where nobody measures, or that an operator moved', () => {
    const even = rowsOf({ ada: [1.1, 1], bob: [1, 1] });
    expect(reliefOf(even, ['ada', 'bob'], 'ada')).toBeUndefined();
    expect(reliefOf(rowsOf({ ada: [0.02, 0.01], bob: [0, 0] }), ['ada', 'bob'], 'ada')).toBeUndefined();
    const rows = rowsOf({ ada: [2, 2], bob: [0, 0] });
    expect(reliefOf(rows, ['ada', 'bob'], 'ada')).toEqual({ key: 'ada-0', successor: 'bob' });
    expect(
      reliefOf(
        rows.map((row) => ({ key: row.key, worker: row.worker })),
        ['ada', 'bob'],
        'ada',
      ),
    ).toBeUndefined();
    expect(
      reliefOf(
        rows.map((row) => ({ ...row, isMoved: row.worker === 'ada' })),
        ['ada', 'bob'],
        'ada',
      ),
    ).toBeUndefined();
    expect(
      reliefOf(
        rows.map((row) => ({ ...row, isMoved: row.worker === 'bob' })),
        ['ada', 'bob'],
        'ada',
      ),
    ).toBeUndefined();
  });

  it('takes a row that was not measured yet for a typical one', () => {
    const rows = rowsOf({ ada: [3, 3], bob: [1] });
    expect(reliefOf([...rows, { key: 'new', worker: 'bob' }], ['ada', 'bob'], 'ada')).toEqual({ key: 'ada-0', successor: 'bob' });
  });

  it('evens out any settled group by numbers and by load, in few moves that it never takes back', () => {
    const { seed, next } = randomFor('balance of loads');
    for (let run = 0; run < 300; run++) {
      const members = Array.from({ length: 2 + Math.floor(next() * 5) }, (_, index) => `w${index}`);
      const count = Math.floor(next() * 40);
      let rows = Array.from(
        { length: count },
        (_, index): PlannedRow => ({
          ...{ key: `row-${index}`, worker: members[index % members.length]! },
          ...(next() < 0.1 ? { isMoved: true } : {}),
          load: next() < 0.2 ? 0 : Math.floor(next() ** 3 * 2 * MIB),
        }),
      );
      const pinned = rows.filter(({ isMoved }) => isMoved);
      const where = `seed ${seed}, run ${run}`;
      let reliefs = 0;
      let gapBefore = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 200; round++) {
        const plans = members.flatMap((me) => planLeases(rows, members, me).release);
        const moves = plans.length > 0 ? plans : members.flatMap((me) => reliefOf(rows, members, me) ?? []);
        if (moves.length === 0) break;
        expect(moves.length, where).toBe(1);
        if (plans.length === 0) {
          reliefs++;
          const spread = Math.max(...sums(rows, members)) - Math.min(...sums(rows, members));
          expect(spread, where).toBeLessThanOrEqual(gapBefore);
          gapBefore = spread;
        }
        rows = rows.map((row) => (row.key === moves[0]!.key ? { ...row, worker: moves[0]!.successor } : row));
      }
      expect(
        members.flatMap((me) => reliefOf(rows, members, me) ?? []),
        where,
      ).toEqual([]);
      expect(reliefs, where).toBeLessThanOrEqual(3 * members.length + 5);
      const counts = members.map((me) => rows.filter(({ worker }) => worker === me).length);
      expect(Math.max(...counts) - Math.min(...counts), where).toBeLessThanOrEqual(1);
      expect(
        pinned.every(({ key, worker }) => rows.find((row) => row.key === key)!.worker === worker),
        where,
      ).toBe(true);
    }
  });
});

/** Rows with so many mebibytes a second each, by who holds them. */
const rowsOf = (loads: Readonly<Record<string, readonly number[]>>): PlannedRow[] =>
  Object.entries(loads).flatMap(([worker, ofRows]) =>
    ofRows.map((load, index) => ({ key: `${worker}-${index}`, worker, load: load * MIB })),
  );

const sums = (rows: readonly PlannedRow[], members: readonly string[]): number[] =>
  members.map((me) => rows.filter(({ worker }) => worker === me).reduce((sum, { load = 0 }) => sum + load, 0));
