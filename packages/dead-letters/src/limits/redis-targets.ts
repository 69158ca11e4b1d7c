import { pauseGroup, readPause, resumeGroup } from '@sluice/lease';
import { listTargets, measureDeadLetters } from '@sluice/queue';
import { type RedisSession, writerGroupKey } from '@sluice/redis';
import type { WatchedTargets } from './letter-watch.ts';

/** Who pauses, as `sluice lanes` shows it. A pause by anybody else is an operator's. */
const BY = 'dead-letter limit';

export const openWatchedTargets = (session: RedisSession, keyPrefix: string): WatchedTargets => ({
  async measure() {
    const targets = (await listTargets(session, { keyPrefix })).map(({ target }) => target);
    const measures = await measureDeadLetters(
      session,
      targets.map((target) => ({ keyPrefix, target })),
    );
    return new Map(targets.map((target, index) => [target, measures[index]!]));
  },
  async pausingOf(target) {
    const pause = await readPause(session, writerGroupKey(keyPrefix, target));
    if (!pause) return 'none';
    return pause.by === BY ? 'limit' : 'operator';
  },
  pause: async (target, reason) => {
    await pauseGroup(session, writerGroupKey(keyPrefix, target), { by: BY, reason });
  },
  resume: async (target) => {
    await resumeGroup(session, writerGroupKey(keyPrefix, target));
  },
});
