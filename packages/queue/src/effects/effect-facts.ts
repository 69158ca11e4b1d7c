import { GuardFailedError } from '../errors.ts';
import type { TargetLanes } from '../lanes/lane-count.ts';
import type { LaneEffects } from './lane-effects.ts';

/** The targets whose lanes the effects push to, now or later. */
export function targetsOf({ operations }: LaneEffects): TargetLanes[] {
  const perTarget = new Map<string, TargetLanes>();
  for (const operation of operations) {
    if (operation.type !== 'send' && operation.type !== 'delay') continue;
    const { target, lanes } = operation;
    perTarget.set(JSON.stringify([target, lanes]), { target, lanes });
  }
  return [...perTarget.values()];
}

/** What a refusal by a guard, or by a token that is pending, is to the caller. */
export function toGuardError(refused: 'guard' | 'pending', index: number, { guards }: LaneEffects): GuardFailedError {
  if (refused === 'pending') {
    return new GuardFailedError('token', index, `a token that no pending message has, for the delayed message that is operation ${index}`);
  }
  const { key, field, expected } = guards[index]!;
  const value = expected === undefined ? 'no value' : 'its expected value';
  return new GuardFailedError('guard', index, `${value} in field ${JSON.stringify(field)} of ${key} (guard ${index})`);
}
