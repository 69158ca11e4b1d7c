import type { RedisSession, TargetAddress } from '@sluice/redis';
import { LanesNotDrainedError } from '../errors.ts';
import type { TargetLanes } from '../lanes/lane-count.ts';
import { beginLaneResize } from '../lanes/resize-lanes.ts';

/**
 * Another number of lanes for a target that nobody uses.
 * @throws {LanesNotDrainedError} something is in its lanes
 */
export async function resizeQuietLanes(session: RedisSession, target: TargetAddress & TargetLanes): Promise<void> {
  const resize = await beginLaneResize(session, target);
  if (!resize.isClosed) {
    await resize.announce();
    const contents = await resize.contents();
    if (!(await resize.close(contents))) {
      await resize.withdraw();
      throw new LanesNotDrainedError(target.target, contents.jobs + contents.mailboxes, contents.delayed);
    }
  }
  await resize.finish();
}
