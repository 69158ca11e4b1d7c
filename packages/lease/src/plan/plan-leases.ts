/**
 * Who should hold what. Pure, and computed by each worker alone from what all of them can see.
 *
 * Shares differ by at most one. A worker that already holds more gets the larger share, so nothing moves for its own sake. Free rows go at
 * once to workers below their share, each row to the one that ranks first for it (rendezvous hashing), so that workers with the same
 * view do not race for the same row; where views differ the store decides. A worker above its share gives up a third of the
 * surplus at a time, and only as much as others lack, and never what an operator moved to it: the rows whose loads even the two out, where
 * loads are measured. Only the worker's own part is answered.
 */
import { hash } from 'node:crypto';
import { Loads } from './loads.ts';
import type { PlannedRow } from './planned-row.ts';
import { roomOf } from './room.ts';

export interface LeasePlan {
  readonly claim: readonly string[];
  readonly release: readonly { readonly key: string; readonly successor: string }[];
  /** Every worker has its share, this one and all others: there is nothing to do. */
  readonly isSettled: boolean;
}

/** @param rows those that are held or can be claimed now; not those that wait or have ended */
export function planLeases(rows: readonly PlannedRow[], workers: readonly string[], me: string): LeasePlan {
  const members = [...new Set([...workers, me])].sort();
  const room = roomOf(rows, members);
  const isSettled = [...room.values()].every((places) => places === 0);
  const claim = assignFree(rows, room, me);
  const surplus = -room.get(me)!;
  if (surplus <= 0) return { claim, release: [], isSettled };

  const mine = rows.filter(({ worker, isMoved }) => worker === me && !isMoved);
  const successors = openPlaces(members, room).slice(surplusBefore(members, room, me));
  const count = Math.min(successors.length, Math.ceil(surplus / 3));
  const loads = Loads.of(rows, members);
  const least = mine
    .map((row) => ({ key: row.key, rank: rank(row.key, me), misfit: loads?.misfit(row, me, successors[0] ?? me, count) ?? 0 }))
    .sort((a, b) => a.misfit - b.misfit || a.rank - b.rank)
    .slice(0, count);
  return { claim, release: least.map(({ key }, index) => ({ key, successor: successors[index]! })), isSettled };
}

/** Gives each free row to a member with room, taking it from that room, and answers mine. */
function assignFree(rows: readonly PlannedRow[], room: Map<string, number>, me: string): string[] {
  const claim: string[] = [];
  const free = rows.filter(({ worker }) => worker === '').sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { key, isOverdue } of free) {
    const first = best(
      [...room].filter(([, places]) => places > 0).map(([member]) => member),
      key,
    );
    if (first !== undefined) room.set(first, room.get(first)! - 1);
    if (first === me || isOverdue) claim.push(key);
  }
  return claim;
}

function best(members: readonly string[], key: string): string | undefined {
  let top: { member: string; rank: number } | undefined;
  for (const member of members) {
    const ranked = { member, rank: rank(key, member) };
    if (!top || ranked.rank > top.rank) top = ranked;
  }
  return top?.member;
}

/** Places that no free row fills, one entry each, in an order on which all members agree. */
const openPlaces = (members: readonly string[], room: ReadonlyMap<string, number>): string[] =>
  members.flatMap((member) => Array<string>(Math.max(0, room.get(member)!)).fill(member));

/** Of those places, the ones that members before me fill from their surplus. */
const surplusBefore = (members: readonly string[], room: ReadonlyMap<string, number>, me: string): number =>
  members.filter((member) => member < me).reduce((sum, member) => sum + Math.max(0, -room.get(member)!), 0);

const rank = (key: string, worker: string): number => hash('sha1', `${worker}\0${key}`, 'buffer').readUIntBE(0, 6);
