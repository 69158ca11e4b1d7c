/**
 * Messages that are sent later. They are made and cancelled by the effects of a lane, see `LaneEffects`, and go to their lanes when the
 * clock of Redis says so: never early, never twice, those that are late at once. What is late stays in order of its time.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '@sluice/core';
import { delayedKeys, type RedisSession } from '@sluice/redis';
import { laneScripts } from '../bull/lane-scripts.ts';
import { MAX_EVENTS } from '../bull/max-events.ts';
import { JOB_OVERHEAD_BYTES } from '../job-overhead.ts';
import type { KeyPrefixOption } from '../lanes/lane-count.ts';
import { MAX_BYTES_PER_JOB, MAX_RECORDS_PER_JOB } from '../sender/job-limits.ts';

/** What one call moves at most: nothing else is served meanwhile. */
const MAX_MESSAGES = 1_000;
const MAX_BYTES = 4 * 1024 ** 2;

export interface FireDelayedOptions extends KeyPrefixOption {
  readonly clock: Clock;
  /** Of the connection to use. */
  readonly epoch: number;
}

export interface FiredMessages {
  /** Messages that went to their lanes. */
  readonly fired: number;
  /** When the next is due, milliseconds from now; 0 where more were due than one call moves; `undefined` where there is none. */
  readonly nextInMs: number | undefined;
}

/** Sends the messages that are due. Any process may call it at any time, also several at once; a call whose answer is lost may be repeated. */
export async function fireDelayed(session: RedisSession, { keyPrefix, clock, epoch }: FireDelayedOptions): Promise<FiredMessages> {
  const { due, messages, tokens, newestId, counts } = delayedKeys(keyPrefix);
  const nowMs = clock.now();
  const limits = [MAX_MESSAGES, MAX_BYTES, MAX_BYTES_PER_JOB];
  const job = [randomBytes(12).toString('hex'), nowMs, new Date(nowMs).toISOString(), MAX_EVENTS, JOB_OVERHEAD_BYTES, MAX_RECORDS_PER_JOB];
  const answer = await laneScripts(session).script(epoch, 'fireDelayed', [due, messages, tokens, newestId, counts], [...limits, ...job]);
  const [fired, nextInMs] = answer as [number, number];
  return { fired, nextInMs: nextInMs < 0 ? undefined : nextInMs };
}

/** How many messages wait for their time. */
export interface DelayedMessages {
  readonly count: number;
  /** When the next is due by Redis' clock, milliseconds since 1970. */
  readonly nextDueMs: number | undefined;
  /** How many for each target. */
  readonly targets: ReadonlyMap<string, number>;
}

export async function readDelayed(session: RedisSession, { keyPrefix }: KeyPrefixOption = {}): Promise<DelayedMessages> {
  const { due, counts } = delayedKeys(keyPrefix);
  return session.run(session.epoch, async (client) => {
    const [count, next, targets] = await Promise.all([
      client.zcard(due),
      client.zrange(due, '0', '0', 'WITHSCORES'),
      client.hgetall(counts),
    ]);
    const perTarget = new Map(Object.entries(targets).map(([target, messages]) => [target, Number(messages)]));
    return { count, nextDueMs: next[1] === undefined ? undefined : Number(next[1]), targets: perTarget };
  });
}
