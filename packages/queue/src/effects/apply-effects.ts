import type { Clock } from '@sluice/core';
import { deadLetterKeys, delayedKeys, type LaneAddress, laneKeys, type RedisSession, targetsKey } from '@sluice/redis';
import { runCommit } from '../bull/commit-command.ts';
import { laneScripts } from '../bull/lane-scripts.ts';
import { toCommitArguments } from './commit-arguments.ts';
import { toGuardError } from './effect-facts.ts';
import type { LaneEffects } from './lane-effects.ts';
import { withLaneNumbers } from './number-lanes.ts';

/**
 * Applies effects on a lane that one does not own, all of them or nothing: an operator's hand. Its guards are all that keeps it from
 * writing over what the lane's owner does. After a lost answer it is not known whether they were applied.
 * @throws {GuardFailedError}
 */
export async function applyEffects(session: RedisSession, address: LaneAddress, effects: LaneEffects, clock: Clock): Promise<void> {
  const { keyPrefix } = address;
  const { epoch } = session;
  const keys = {
    lane: laneKeys(address),
    letters: deadLetterKeys(address),
    delayed: delayedKeys(keyPrefix),
    targets: targetsKey(keyPrefix),
  };
  const verdict = await withLaneNumbers(session, { keyPrefix, clock }, effects, (numbered) =>
    runCommit(laneScripts(session), epoch, keys, undefined, toCommitArguments(numbered, address, clock.now()), []),
  );
  if (typeof verdict === 'object' && (verdict.refused === 'guard' || verdict.refused === 'pending'))
    throw toGuardError(verdict.refused, verdict.index, effects);
}
