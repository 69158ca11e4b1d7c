import { listStoredJobs, listTargets, type StoredJob } from '@sluice/queue';
import { OperatorInputError } from '../errors.ts';
import type { Operator } from '../operator.ts';
import { unknownTarget } from './read-targets.ts';

/** A job, and the lane it is in. */
export interface JobOfLane extends StoredJob {
  readonly lane: number;
}

/**
 * The first jobs of a lane, or of each lane of a target, in the order in which they leave it.
 * @throws {OperatorInputError} there is no such target or lane
 */
export async function readJobs(
  operator: Operator,
  target: string,
  { lane: only, count }: { readonly lane?: number | undefined; readonly count: number },
): Promise<JobOfLane[]> {
  const lanes = await expectLane(operator, target, only ?? 0);
  const { session, keyPrefix } = operator;
  const chosen = only === undefined ? [...Array(lanes).keys()] : [only];
  const perLane = chosen.map(async (lane) =>
    (await listStoredJobs(session, { keyPrefix, target, lane, offset: 0, count })).map((job): JobOfLane => ({ lane, ...job })),
  );
  return (await Promise.all(perLane)).flat();
}

/**
 * Answers how many lanes the target has.
 * @throws {OperatorInputError} there is no such target or lane
 */
export async function expectLane({ session, keyPrefix }: Operator, target: string, lane: number): Promise<number> {
  const targets = await listTargets(session, { keyPrefix });
  const found = targets.find((one) => one.target === target);
  if (!found) throw unknownTarget(target, targets);
  if (lane >= found.lanes) throw new OperatorInputError(`expected a lane of ${target}, 0 to ${found.lanes - 1}, found ${lane}`);
  return found.lanes;
}
