import { createRedisLeaseStore, type Pause, readPause } from '@sluice/lease';
import { countDeadLetters, type LaneCounts, laneLeaseKey, listTargets, readLaneCounts } from '@sluice/queue';
import { type RedisSession, writerGroupKey } from '@sluice/redis';
import { OperatorInputError } from '../errors.ts';

/** A lane, and who holds its lease at this moment. */
export interface LaneState extends Omit<LaneCounts, 'worker'> {
  /** `null` where no worker does. */
  readonly owner: string | null;
}

export interface TargetState {
  readonly target: string;
  readonly deadLetters: number;
  /** `null` where it is not paused. */
  readonly paused: Pause | null;
  readonly lanes: readonly LaneState[];
}

/**
 * The state of each lane, of all targets or of one.
 * @throws {OperatorInputError} no target has that name
 */
export async function readTargets(session: RedisSession, keyPrefix: string, only: string | undefined): Promise<TargetState[]> {
  const targets = await listTargets(session, { keyPrefix });
  const chosen = only === undefined ? targets : targets.filter(({ target }) => target === only);
  if (only !== undefined && chosen.length === 0) throw unknownTarget(only, targets);
  return Promise.all(chosen.map(({ target }) => readTarget(session, keyPrefix, target)));
}

export const unknownTarget = (target: string, known: readonly { readonly target: string }[]): OperatorInputError =>
  new OperatorInputError(
    `expected a target of this Redis, found ${target}; ${known.length === 0 ? 'no target has been used in it yet' : `its targets are ${known.map((one) => one.target).join(', ')}`}`,
  );

async function readTarget(session: RedisSession, keyPrefix: string, target: string): Promise<TargetState> {
  const counts = await readLaneCounts(session, { keyPrefix, target });
  const keys = counts.map(({ lane }) => laneLeaseKey({ keyPrefix, target, lane }));
  const leases = await createRedisLeaseStore(session).survey(session.epoch, keys);
  const lanes = counts.map(({ worker: _, ...lane }, index): LaneState => {
    const lease = leases[index]!;
    return { ...lane, owner: lease.state === 'held' ? lease.worker : null };
  });
  const [deadLetters, pause] = await Promise.all([
    countDeadLetters(session, { keyPrefix, target }),
    readPause(session, writerGroupKey(keyPrefix, target)),
  ]);
  return { target, deadLetters, paused: pause ?? null, lanes };
}
