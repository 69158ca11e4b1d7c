import { type RedisSession, runPipeline, type TargetAddress, valuesKeyBase } from '@sluice/redis';
import type { TargetLanes } from './lane-count.ts';
import { laneOf } from './lane-of.ts';

const KEYS_A_SCAN = 1_000;
/** Pages of keys after which the caller hears that it goes on. */
const PAGES_A_SIGN = 200;

/**
 * Moves each key of a function's values to the lane of its address, wherever it is now. Called again it goes on.
 * @param onPage called now and then
 */
export async function moveValues(
  session: RedisSession,
  epoch: number,
  { keyPrefix, target, lanes, onPage }: TargetAddress & TargetLanes & { readonly onPage: () => Promise<void> },
): Promise<void> {
  const [before, after] = valuesKeyBase({ keyPrefix, target, lane: 0 }).split('/0}') as [string, string];
  const isValues = (key: string) => key.startsWith(`${before}/`) && /^\d+$/.test(key.slice(before.length + 1, key.indexOf('}')));
  const pattern = `${`${before}/`.replace(/[*?[\]^\\]/g, '\\$&')}*}${after}*`;
  let cursor = '0';
  for (let page = 1; ; page++) {
    const [next, keys] = await session.run(epoch, (client) => client.scan(cursor, 'MATCH', pattern, 'COUNT', KEYS_A_SCAN));
    cursor = next;
    const moves = keys.filter(isValues).flatMap((key) => {
      const id = key.slice(key.indexOf('}') + 1 + after.length);
      const to = valuesKeyBase({ keyPrefix, target, lane: laneOf(id, lanes) }) + id;
      return key === to ? [] : [{ from: key, to }];
    });
    await runPipeline(session, epoch, (pipeline) => {
      for (const { from, to } of moves) pipeline.rename(from, to);
    });
    if (cursor === '0') return;
    if (page % PAGES_A_SIGN === 0) await onPage();
  }
}
