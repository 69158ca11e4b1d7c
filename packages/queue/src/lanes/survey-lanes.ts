import { laneKeys, type RedisSession, readScript, type TargetAddress } from '@sluice/redis';
import type { TargetLanes } from './lane-count.ts';

/** How a lane stands, for operators. */
export interface LaneSurvey {
  readonly lane: number;
  /** The worker that holds its lease, or `null`. */
  readonly owner: string | null;
  /** Jobs. */
  readonly waiting: number;
  /** Jobs in their owner's hand. */
  readonly active: number;
  /** Waiting and active, as the gauge has them. */
  readonly records: number;
  readonly bytes: number;
  /** Jobs that were ever pushed. */
  readonly enqueued: number;
  /** How long its first job has been in it, milliseconds; `null` where it is empty. */
  readonly oldestMs: number | null;
  /** Milliseconds; 0 where it is not blocked. */
  readonly blockedForMs: number;
  readonly blockedReason?: string;
  /** Addresses of a function whose messages wait outside the lane. */
  readonly mailboxes: number;
}

/** Nothing else is served while Redis looks at so many. */
const LANES_A_CALL = 64;

const script = readScript(new URL('./survey-lanes.lua', import.meta.url));

/** How each lane of a target stands. One round trip, however many there are. */
export async function surveyLanes(session: RedisSession, { keyPrefix, target, lanes }: TargetAddress & TargetLanes): Promise<LaneSurvey[]> {
  const keys = Array.from({ length: lanes }, (_, lane) => laneKeys({ keyPrefix, target, lane }));
  const calls = Array.from({ length: Math.ceil(lanes / LANES_A_CALL) }, (_, call) =>
    keys.slice(call * LANES_A_CALL, (call + 1) * LANES_A_CALL),
  );
  const answers = await session.run(session.epoch, (client) =>
    Promise.all(
      calls.map((some) => {
        const ofLanes = some.flatMap((of) => [of.wait, of.active, of.newestId, of.gauge, of.state, of.lease, of.mailboxes]);
        return script(
          client,
          ofLanes,
          some.map(({ jobPrefix }) => jobPrefix),
        ) as Promise<Answer[]>;
      }),
    ),
  );
  return answers.flat().map(toSurvey);
}

type Answer = [
  ...[waiting: number, active: number, records: number, bytes: number, enqueued: number, owner: string, oldestMs: number],
  ...[blockedForMs: number, reason: string, mailboxes: number],
];

function toSurvey(answer: Answer, lane: number): LaneSurvey {
  const [waiting, active, records, bytes, enqueued, owner, oldestMs, blockedForMs, reason, mailboxes] = answer;
  return {
    ...{ lane, owner: owner || null, waiting, active, records, bytes, enqueued, mailboxes, blockedForMs },
    oldestMs: oldestMs < 0 ? null : oldestMs,
    ...(blockedForMs > 0 && reason && { blockedReason: reason }),
  };
}
