import type { SurveyedRow } from '../lease-store.ts';
import type { LeaseResource } from '../plan/lease-resource.ts';
import type { PlannedRow } from '../plan/planned-row.ts';

/**
 * The rows that are held or can be claimed now: not those that have ended, wait for another one, or are yet to be made. One that
 * an operator moved to a worker of the group counts as that worker's, whoever has it now.
 */
export function toPlannedRows(
  resources: readonly LeaseResource[],
  surveyed: readonly SurveyedRow[],
  members: readonly string[],
): PlannedRow[] {
  const states = new Map(surveyed.map(({ key, state }) => [key, state]));
  const isOver = (key: string) => ['ended', 'absent', undefined].includes(states.get(key));
  return resources.flatMap(({ key, after, mustExist }, index): PlannedRow[] => {
    const { state, worker, movedTo, load } = surveyed[index]!;
    const measured = load !== undefined && { load };
    if (state === 'ended' || (state === 'absent' && mustExist)) return [];
    if (worker === '' && !after.every(isOver)) return [];
    return [
      movedTo !== undefined && members.includes(movedTo)
        ? { key, worker: movedTo, isMoved: true, ...measured }
        : { key, worker, ...measured },
    ];
  });
}
