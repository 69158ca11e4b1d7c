import type { Clock } from '@sluice/core';
import type { ReadProgress } from './read-progress.ts';

/** How long no shard could be read before an ingress counts as failing. */
const FAILING_MS = 15_000;
/** How long Kinesis must then have answered before it counts as reading again. Doubles with each relapse. */
const RECOVERY_MS = 15_000;
const MAX_RECOVERY_MS = 10 * 60_000;
/** After so long without a relapse the first recovery is as quick as the first was. */
const FORGET_MS = 30 * 60_000;
const WATCH_INTERVAL_MS = 1_000;

/** Reports when no shard could be read for a while, and when Kinesis has answered again for a while. Answers the way to stop that. */
export function watchReads(progress: ReadProgress, clock: Clock, report: (isFailing: boolean) => void): () => void {
  let failingSince: number | undefined;
  let recoveringSince: number | undefined;
  let recoveredAt = Number.NEGATIVE_INFINITY;
  let recoveryMs = RECOVERY_MS;

  const look = () => {
    const now = clock.monotonic();
    timer = clock.setTimeout(look, WATCH_INTERVAL_MS);
    if (failingSince === undefined) {
      if (!progress.isFailing(FAILING_MS)) return;
      recoveryMs = now - recoveredAt > FORGET_MS ? RECOVERY_MS : Math.min(recoveryMs * 2, MAX_RECOVERY_MS);
      failingSince = now;
      recoveringSince = undefined;
      return report(true);
    }
    if (!progress.hasSucceededSince(failingSince)) {
      recoveringSince = undefined;
      return;
    }
    recoveringSince ??= now;
    if (now - recoveringSince < recoveryMs) return;
    failingSince = undefined;
    recoveredAt = now;
    report(false);
  };

  let timer = clock.setTimeout(look, WATCH_INTERVAL_MS);
  return () => clock.clearTimeout(timer);
}
