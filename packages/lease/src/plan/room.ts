import type { PlannedRow } from './planned-row.ts';

/**
 * How many more rows each member's share has than it holds; negative for a surplus. Shares differ by one at most, and who holds more has the
 * larger one.
 * @param members sorted
 */
export function roomOf(rows: readonly PlannedRow[], members: readonly string[]): Map<string, number> {
  const held = new Map(members.map((member) => [member, 0]));
  for (const { worker } of rows) if (held.has(worker)) held.set(worker, held.get(worker)! + 1);
  const share = Math.floor(rows.length / members.length);
  const larger = rows.length % members.length;
  // Array sort is stable and `members` is sorted, so ties are broken by name.
  const byHeld = [...members].sort((a, b) => held.get(b)! - held.get(a)!);
  return new Map(byHeld.map((member, index) => [member, share + (index < larger ? 1 : 0) - held.get(member)!]));
}
