import { laneKeys, type RedisSession, runPipeline, type TargetAddress } from '@sluice/redis';
import { readLaneCount } from './lane-count.ts';

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
  const { epoch } = session;
  const lanes = await readLaneCount(session, { keyPrefix, target });
  const [time, ...answers] = await runPipeline(session, epoch, (pipeline) => {
    pipeline.time();
    for (let lane = 0; lane < lanes; lane++) {
      const { wait, active, gauge, newestId, state, lease } = laneKeys({ keyPrefix, target, lane });
      pipeline.llen(wait).llen(active).hmget(gauge, 'records', 'bytes').get(newestId);
      pipeline.hmget(state, 'blockedUntil', 'blockedForMs', 'blockedReason').hget(lease, 'worker');
    }
  });
  const [seconds, micros] = time as [string, string];
  const now = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  return Array.from({ length: lanes }, (_, lane) => toCounts(lane, answers.slice(lane * 6, lane * 6 + 6), now));
}

function toCounts(lane: number, answers: readonly unknown[], now: number): LaneCounts {
  const [waiting, active, [records, bytes], newestId, [blockedUntil, longestMs, blockedReason], worker] = answers as [
    number,
    number,
    [string | null, string | null],
    string | null,
    [string | null, string | null, string | null],
    string | null,
  ];
  // Never longer than it was blocked for, also where the clock was set back.
  const blockedForMs = Math.max(0, Math.min(Number(blockedUntil ?? 0) - now, Number(longestMs ?? blockedUntil ?? 0)));
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
