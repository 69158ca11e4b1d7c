import { type LaneKeys, type RedisSession, runTransaction } from '@sluice/redis';

export interface LaneBarrierOptions {
  readonly session: RedisSession;
  readonly lanes: readonly LaneKeys[];
  /** Whether the lanes are no more. */
  readonly isGone: () => boolean;
}

export interface LaneBarrier {
  /**
   * Whether all that was in the lanes at the first call has left them.
   * @param epoch of the caller's lease: nothing is asked on another connection
   */
  isPassed(epoch: number): Promise<boolean>;
}

/** Ids of jobs ascend, so what comes after the first call has a higher one. */
export function createLaneBarrier({ session, lanes, isGone }: LaneBarrierOptions): LaneBarrier {
  let newestIds: readonly number[] | undefined;
  return {
    async isPassed(epoch) {
      if (isGone()) return true;
      // In one step: a job that is handed back meanwhile must not be missed in both lists.
      const answers = await runTransaction(session, epoch, (transaction) => {
        for (const { newestId, wait, active } of lanes) transaction.get(newestId).lrange(wait, -1, -1).lrange(active, 0, -1);
      });
      const looks = lanes.map((_, index) => {
        const [newest, waiting, inHand] = answers.slice(3 * index, 3 * index + 3) as [string | null, string[], string[]];
        return { newest: Number(newest ?? 0), oldest: Math.min(...[...waiting, ...inHand].map(Number)) };
      });
      newestIds ??= looks.map(({ newest }) => newest);
      const newest = newestIds;
      return looks.every(({ oldest }, index) => oldest > newest[index]!);
    },
  };
}
