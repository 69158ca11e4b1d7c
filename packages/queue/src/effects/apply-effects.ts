import type { Clock } from '@sluice/core';
import { deadLetterKeys, delayedKeys, type LaneAddress, laneKeys, type RedisSession } from '@sluice/redis';
import { runCommit } from '../bull/commit-command.ts';
import { laneScripts } from '../bull/lane-scripts.ts';
import { ensureLaneCount } from '../lanes/known-lane-counts.ts';
import { toCommitArguments } from './commit-arguments.ts';
import { targetsOf, toGuardError } from './effect-facts.ts';
import type { LaneEffects } from './lane-effects.ts';

/**
 * Applies effects on a lane that one does not own, all of them or nothing: an operator's hand. Its guards are all that keeps it from
 * writing over what the lane's owner does. After a lost answer it is not known whether they were applied.
 * @throws {GuardFailedError}
 */
export async function applyEffects(session: RedisSession, address: LaneAddress, effects: LaneEffects, clock: Clock): Promise<void> {
  const { keyPrefix } = address;
  const { epoch } = session;
  const args = toCommitArguments(effects, address, clock.now());
  await Promise.all(targetsOf(effects).map((target) => ensureLaneCount(session, { keyPrefix, ...target })));
  const keys = { lane: laneKeys(address), letters: deadLetterKeys(address), delayed: delayedKeys(keyPrefix) };
  const verdict = await runCommit(laneScripts(session), epoch, keys, undefined, args, []);
  if (typeof verdict === 'object' && verdict.refused !== 'stale') throw toGuardError(verdict.refused, verdict.index, effects);
}
