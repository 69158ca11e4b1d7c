import type { Pause } from '@sluice/lease';
import { pauseKey, type RedisSession, runPipeline } from '@sluice/redis';

/** The pause of each group, or `null`, in one round trip. */
export async function readPauses(session: RedisSession, groups: readonly string[]): Promise<(Pause | null)[]> {
  const rows = await runPipeline(session, session.epoch, (pipeline) => {
    for (const group of groups) pipeline.hmget(pauseKey(group), 'at', 'by', 'reason');
  });
  return (rows as [string | null, string | null, string | null][]).map(([at, by, reason]) =>
    at === null ? null : { atMs: Number(at), by: by ?? '', reason: reason ?? '' },
  );
}
