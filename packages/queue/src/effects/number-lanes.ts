import { type Clock, sleep } from '@sluice/core';
import type { RedisSession, TargetAddress } from '@sluice/redis';
import { LanesChangedError } from '../errors.ts';
import { forgetLaneNumber, laneNumberOf } from '../lanes/lane-numbers.ts';
import { targetsOf } from './effect-facts.ts';
import type { LaneEffects } from './lane-effects.ts';

/** Lanes are closed for as long as what a function remembers moves: milliseconds for most. */
const TRIES = 20;
const PAUSE_MS = 100;

/**
 * Commits effects under the numbers of lanes that their targets have: those that an operator changed are learned from a refusal.
 * @param commit answers the index of a target, among `targetsOf` the effects, whose lanes refused; nothing was applied then
 * @throws {LaneCountMismatchError} a target was first used with another number of lanes; nothing was applied
 * @throws {LanesChangedError} an operator is changing the number of a target's lanes at this moment, and that takes long
 */
export async function withLaneNumbers<T>(
  session: RedisSession,
  { keyPrefix, clock }: Pick<TargetAddress, 'keyPrefix'> & { readonly clock: Clock },
  effects: LaneEffects,
  commit: (numbered: LaneEffects) => Promise<T | { readonly refused: 'lanes'; readonly index: number }>,
): Promise<T> {
  const configured = targetsOf(effects);
  for (let tries = 1; ; tries++) {
    const numbers = await Promise.all(configured.map(async (one) => ({ ...one, now: await laneNumberOf(session, { keyPrefix, ...one }) })));
    const outcome = await commit(numbers.every(({ lanes, now }) => lanes === now) ? effects : renumber(effects, numbers));
    if (!isRefused(outcome)) return outcome;
    const { now, ...refused } = numbers[outcome.index]!;
    forgetLaneNumber(session, { keyPrefix, ...refused });
    if (tries === TRIES) throw new LanesChangedError(refused.target, now);
    await sleep(clock, PAUSE_MS);
  }
}

const isRefused = (outcome: unknown): outcome is { readonly refused: 'lanes'; readonly index: number } =>
  typeof outcome === 'object' && outcome !== null && 'refused' in outcome && outcome.refused === 'lanes';

interface LaneNumber {
  readonly target: string;
  readonly lanes: number;
  readonly now: number;
}

function renumber({ guards, operations }: LaneEffects, numbers: readonly LaneNumber[]): LaneEffects {
  const nowOf = (target: string, lanes: number) => numbers.find((one) => one.target === target && one.lanes === lanes)!.now;
  return {
    guards,
    operations: operations.map((operation) =>
      operation.type === 'send' || operation.type === 'delay'
        ? { ...operation, lanes: nowOf(operation.target, operation.lanes) }
        : operation,
    ),
  };
}
