/**
 * Another number of lanes for a target. No key may change its lane while something waits for it, so the lanes must be empty; what a function
 * remembers of its addresses moves to their new lanes.
 */
import { delayedKeys, laneKeys, type RedisSession, runPipeline, type TargetAddress, targetsKey, valuesKeyBase } from '@sluice/redis';
import { LanesNotDrainedError } from '../errors.ts';
import type { TargetLanes } from './lane-count.ts';
import { laneOf } from './lane-of.ts';

/** Recorded while values move: no worker is configured so, and each of them stops. */
const CHANGING = 0;
const KEYS_A_SCAN = 500;

/**
 * Moves values, then records the number. No worker of the target may run while this is done; where it was interrupted, call it again.
 * @throws {LanesNotDrainedError} something is in its lanes, or goes there later
 */
export async function changeLaneCount(session: RedisSession, { keyPrefix, target, lanes }: TargetAddress & TargetLanes): Promise<void> {
  if (!Number.isInteger(lanes) || lanes < 1) throw new RangeError(`expected a positive number of lanes, got ${lanes}`);
  const { epoch } = session;
  const key = targetsKey(keyPrefix);
  const recorded = Number((await session.run(epoch, (client) => client.hget(key, target))) ?? 0);
  await expectDrained(session, { keyPrefix, target, lanes: recorded });
  await session.run(epoch, (client) => client.hset(key, target, CHANGING));
  await moveValues(session, epoch, { keyPrefix, target, lanes });
  await session.run(epoch, (client) => client.hset(key, target, lanes));
}

async function expectDrained(session: RedisSession, { keyPrefix, target, lanes }: TargetAddress & TargetLanes): Promise<void> {
  const [delayed, ...lengths] = await runPipeline(session, session.epoch, (pipeline) => {
    // They know the lane that they go to.
    pipeline.hget(delayedKeys(keyPrefix).counts, target);
    for (let lane = 0; lane < lanes; lane++) {
      const { wait, active, mailboxes } = laneKeys({ keyPrefix, target, lane });
      pipeline.llen(wait).llen(active).hlen(mailboxes);
    }
  });
  const waiting = lengths.reduce<number>((sum, length) => sum + Number(length), 0);
  if (waiting + Number(delayed ?? 0) > 0) throw new LanesNotDrainedError(target, waiting, Number(delayed ?? 0));
}

/** Each key of values to the lane of its address, wherever it is now. */
async function moveValues(session: RedisSession, epoch: number, { keyPrefix, target, lanes }: TargetAddress & TargetLanes): Promise<void> {
  const [before, after] = valuesKeyBase({ keyPrefix, target, lane: 0 }).split('/0}') as [string, string];
  const isValues = (key: string) => key.startsWith(`${before}/`) && /^\d+$/.test(key.slice(before.length + 1, key.indexOf('}')));
  const pattern = `${`${before}/`.replace(/[*?[\]^\\]/g, '\\$&')}*}${after}*`;
  let cursor = '0';
  do {
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
  } while (cursor !== '0');
}
