import { deadLetterKeys, type RedisSession, runPipeline, type TargetAddress } from '@sluice/redis';

/** What the dead letters of a target amount to. */
export interface DeadLettersMeasure {
  readonly count: number;
  /** Bytes of Redis' memory that their records take, as Redis estimates it from some of them. */
  readonly bytes: number;
  /** How long the oldest has been there, milliseconds; 0 where there is none. */
  readonly oldestAgeMs: number;
}

/** Records that Redis looks at to estimate the size of all. */
const SAMPLES = 200;

/** Of each target, in their order. */
export async function measureDeadLetters(session: RedisSession, targets: readonly TargetAddress[]): Promise<readonly DeadLettersMeasure[]> {
  const answers = await runPipeline(session, session.epoch, (pipeline) => {
    pipeline.time();
    for (const target of targets) {
      const { failed, payloads } = deadLetterKeys(target);
      pipeline.zcard(failed).zrange(failed, '0', '0', 'WITHSCORES').memory('USAGE', payloads, 'SAMPLES', SAMPLES);
    }
  });
  const nowMs = Number((answers[0] as string[])[0]) * 1_000;
  return targets.map((_, index) => {
    const [count, oldest, bytes] = answers.slice(1 + index * 3, 4 + index * 3) as [number, string[], number | null];
    const rejectedAtMs = oldest[1];
    return { count, bytes: bytes ?? 0, oldestAgeMs: rejectedAtMs === undefined ? 0 : Math.max(0, nowMs - Number(rejectedAtMs)) };
  });
}
