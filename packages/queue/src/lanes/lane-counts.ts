import type { RedisSession } from '@sluice/redis';
import { laneKeys, type TargetAddress, targetsKey } from '@sluice/redis';

/** How a lane stands. */
export interface LaneCounts {
  readonly lane: number;
  /** Jobs. */
  readonly waiting: number;
  /** Jobs in their owner's hand. */
  readonly active: number;
  /** Waiting and active, as the gauge has them. */
  readonly records: number;
  readonly bytes: number;
  /** Jobs that were ever pushed. */
  readonly enqueued: number;
  /** Milliseconds; 0 where the lane is not blocked. */
  readonly blockedForMs: number;
  readonly blockedReason?: string;
  /** The worker that last held the lane's lease. */
  readonly worker?: string;
}

/** How each lane of a target stands; empty where the target was never used. */
export async function readLaneCounts(session: RedisSession, { keyPrefix, target }: TargetAddress): Promise<LaneCounts[]> {
  return session.run(session.epoch, async (client) => {
    const lanes = Number((await client.hget(targetsKey(keyPrefix), target)) ?? 0);
    const pipeline = client.pipeline().time();
    for (let lane = 0; lane < lanes; lane++) {
      const { wait, active, gauge, newestId, state, lease } = laneKeys({ keyPrefix, target, lane });
      pipeline.llen(wait).llen(active).hmget(gauge, 'records', 'bytes').get(newestId);
      pipeline.hmget(state, 'blockedUntil', 'blockedReason').hget(lease, 'worker');
    }
    const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error) throw error;
      return answer;
    });
    const [seconds, micros] = answers[0] as [string, string];
    const now = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    return Array.from({ length: lanes }, (_, lane) => toCounts(lane, answers.slice(1 + lane * 6, 7 + lane * 6), now));
  });
}

function toCounts(lane: number, answers: readonly unknown[], now: number): LaneCounts {
  const [waiting, active, [records, bytes], newestId, [blockedUntil, blockedReason], worker] = answers as [
    number,
    number,
    [string | null, string | null],
    string | null,
    [string | null, string | null],
    string | null,
  ];
  const blockedForMs = Math.max(0, Number(blockedUntil ?? 0) - now);
  return {
    lane,
    waiting,
    active,
    records: Number(records ?? 0),
    bytes: Number(bytes ?? 0),
    enqueued: Number(newestId ?? 0),
    blockedForMs,
    ...(blockedForMs > 0 && blockedReason && { blockedReason }),
    ...(worker && { worker }),
  };
}
