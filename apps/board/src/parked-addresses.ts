import { listParked } from '@sluice/functions';
import { listTargets } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { ParkedRow } from './parked-page.ts';

/** Every address of a function that is parked, in no order. */
export async function listParkedRows(session: RedisSession, keyPrefix: string): Promise<ParkedRow[]> {
  const rows = new Map<string, ParkedRow>();
  for (const { target } of await listTargets(session, { keyPrefix }))
    for await (const { id, records, parking } of listParked(session, { keyPrefix, target }))
      if (parking) rows.set(JSON.stringify([target, id]), { type: target, id, records, ...parking });
  return [...rows.values()];
}
