import { changeLaneCount } from '@sluice/queue';
import { OperatorInputError } from '../errors.ts';
import { readTargets } from '../lanes/read-targets.ts';
import type { Operator } from '../operator.ts';

/**
 * Gives a target another number of lanes.
 * @throws {OperatorInputError} the target was never used, or a worker holds a lane of it
 * @throws {LanesNotDrainedError} something is in its lanes, or goes there later
 */
export async function setLanes({ session, keyPrefix }: Operator, target: string, lanes: number): Promise<void> {
  const [state] = await readTargets(session, keyPrefix, target);
  const owners = new Set(state!.lanes.flatMap(({ owner }) => (owner === null ? [] : [owner])));
  if (owners.size > 0) throw new OperatorInputError(`expected no worker of ${target}, found ${[...owners].join(', ')}; stop them first`);
  await changeLaneCount(session, { keyPrefix, target, lanes });
}
