import { changeLaneCount } from '@sluice/queue';
import { OperatorInputError } from './errors.ts';
import { readTargets } from './lanes-report.ts';
import type { Operator } from './open-operator.ts';

/**
 * Gives a target another number of lanes.
 * @throws {OperatorInputError} the number is none, the target was never used, or a worker holds a lane of it
 * @throws {LanesNotDrainedError} something is in its lanes, or goes there later
 */
export async function setLanes(
  { session, keyPrefix }: Pick<Operator, 'session' | 'keyPrefix'>,
  target: string,
  lanes: number,
): Promise<void> {
  if (!Number.isInteger(lanes) || lanes < 1) throw new OperatorInputError(`expected a whole number of lanes from 1, got ${lanes}`);
  const [state] = await readTargets(session, keyPrefix, target);
  const owners = new Set(state!.lanes.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  if (owners.size > 0) throw new OperatorInputError(`expected no worker of ${target}, found ${[...owners].join(', ')}; stop them first`);
  await changeLaneCount(session, { keyPrefix, target, lanes });
}
