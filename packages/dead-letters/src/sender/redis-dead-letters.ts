import type { Lease } from '@sluice/lease';
import { listTargets, readOldestDeadLetters, removeDeadLetters } from '@sluice/queue';
import type { RedisSession } from '@sluice/redis';
import type { DeadLetterStore } from './letter-sender.ts';

/** Of one target at a time. What is sent is in memory two or three times. */
const LETTERS_AT_A_TIME = 500;
const BYTES_AT_A_TIME = 4 * 1024 * 1024;

/** The dead letters of an installation, for as long as the lease is held. */
export const openDeadLetters = (session: RedisSession, keyPrefix: string, lease: Lease): DeadLetterStore => ({
  async targets() {
    lease.assertHeld();
    return (await listTargets(session, { keyPrefix })).map(({ target }) => target);
  },
  read(target, skip) {
    lease.assertHeld();
    const limits = { count: LETTERS_AT_A_TIME, maxBytes: BYTES_AT_A_TIME };
    return readOldestDeadLetters(session, lease.epoch, { keyPrefix, target, skip, ...limits });
  },
  // What the output has confirmed is removed by whoever sent it, also when another has the lease by now.
  remove: (target, ids) => removeDeadLetters(session, lease.epoch, { keyPrefix, target, ids }),
});
