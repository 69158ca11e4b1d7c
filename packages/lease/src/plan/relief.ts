/**
 * Who should pass which row on because it has more to do than others. Pure, as `planLeases` is.
 *
 * Numbers come first: loads only choose which rows move where numbers ask for it, and, once every worker has its share, let the busiest
 * worker give one row to an idle one. That one then has a row too many, unless it had fewer before, and gives back the one that fits best:
 * together a swap, which narrows the gap between the two by a fifth at least. So loads that hardly differ, or that no swap evens out, move
 * nothing, and no row comes straight back.
 */
import { Loads } from './loads.ts';
import type { PlannedRow } from './planned-row.ts';
import { roomOf } from './room.ts';

/** Gaps below this part of what a worker has to do on average, or below so much, are left alone. */
const TOLERANCE = 0.25;
const LEAST_GAP = 64 * 1024;
/** What may be left of a gap at most. */
const WORTHWHILE = 0.8;

interface Relief {
  readonly key: string;
  readonly successor: string;
}

/** The row that this worker should give away for its load, and to whom. For groups in which every worker has its share. */
export function reliefOf(rows: readonly PlannedRow[], workers: readonly string[], me: string): Relief | undefined {
  const members = [...new Set([...workers, me])].sort();
  const loads = Loads.of(rows, members);
  if (loads?.workers[0] !== me) return undefined;
  const leastGap = Math.max(LEAST_GAP, TOLERANCE * loads.mean);
  for (const other of loads.workers.toReversed()) {
    const gap = loads.ofWorker(me) - loads.ofWorker(other);
    if (gap <= leastGap) return undefined;
    const returned = returnedBy(other, { rows, members, me, loads });
    const relief = returned && bestOf(rows.filter(isFreeOf(me)), { gap, returned, loads });
    if (relief) return { key: relief.key, successor: other };
  }
  return undefined;
}

const isFreeOf =
  (worker: string) =>
  (row: PlannedRow): boolean =>
    row.worker === worker && !row.isMoved;

interface Group {
  readonly rows: readonly PlannedRow[];
  readonly members: readonly string[];
  readonly me: string;
  readonly loads: Loads;
}

/** The loads of which one comes back for a row that goes there: none where that one may keep it. `undefined` where numbers would move others. */
function returnedBy(other: string, { rows, members, me, loads }: Group): readonly number[] | undefined {
  const mine = rows.findIndex((row) => row.worker === me);
  const room = roomOf(
    rows.map((row, index) => (index === mine ? { ...row, worker: other } : row)),
    members,
  );
  const unsettled = [...room].filter(([, places]) => places !== 0);
  if (unsettled.length === 0) return [0];
  if (unsettled.length > 2 || room.get(other) !== -1 || room.get(me) !== 1) return undefined;
  return rows.filter(isFreeOf(other)).map((row) => loads.of(row));
}

interface Swap {
  readonly gap: number;
  readonly returned: readonly number[];
  readonly loads: Loads;
}

function bestOf(mine: readonly PlannedRow[], { gap, returned, loads }: Swap): PlannedRow | undefined {
  let best: PlannedRow | undefined;
  let least = WORTHWHILE * gap;
  for (const row of mine) {
    for (const back of returned) {
      const left = Math.abs(gap - 2 * (loads.of(row) - back));
      if (left >= least) continue;
      best = row;
      least = left;
    }
  }
  return best;
}
