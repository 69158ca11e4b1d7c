import { laneKeys, type RedisSession, runPipeline, type TargetAddress } from '@sluice/redis';

export interface HeldLanesAddress extends TargetAddress {
  readonly lanes: number;
  /** Only of lanes whose lease this worker held last. */
  readonly worker: string;
}

/**
 * How long the first job of each lane, waiting or in hand, has been in it, by lane, milliseconds; 0 where it has none. Two round trips,
 * whatever the number of lanes.
 */
export async function readLaneAges(
  session: RedisSession,
  { keyPrefix, target, lanes, worker }: HeldLanesAddress,
): Promise<ReadonlyMap<number, number>> {
  const { epoch } = session;
  const keys = Array.from({ length: lanes }, (_, lane) => laneKeys({ keyPrefix, target, lane }));
  const heads = await runPipeline(session, epoch, (pipeline) => {
    // A job is pushed on the left: the first one is on the right, and those in hand are before all that wait.
    for (const { active, wait, lease } of keys) pipeline.lrange(active, -1, -1).lrange(wait, -1, -1).hget(lease, 'worker');
  });
  const held = keys.flatMap(({ jobPrefix }, lane) => {
    const [active, waiting, holder] = heads.slice(lane * 3, lane * 3 + 3) as [string[], string[], string | null];
    return holder === worker ? [{ lane, job: jobPrefix + (active[0] ?? waiting[0] ?? '') }] : [];
  });
  const [time, ...timestamps] = await runPipeline(session, epoch, (pipeline) => {
    pipeline.time();
    for (const { job } of held) pipeline.hget(job, 'timestamp');
  });
  const [seconds, micros] = time as [string, string];
  const nowMs = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  return new Map(
    held.map(({ lane }, index) => {
      // None where the lane is empty, or where the job was completed since: what follows it is hardly older than this look.
      const timestamp = timestamps[index] as string | null;
      return [lane, timestamp ? Math.max(0, nowMs - Number(timestamp)) : 0];
    }),
  );
}
