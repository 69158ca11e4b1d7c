/**
 * Where everything of a lane lives in Redis. The braces are a hash tag: all keys of a lane share one slot, its lease included.
 *
 *     sluice:targets                                    hash   target → recorded number of lanes
 *     sluice:{orders/3}:orders lane 03:…                BullMQ's keys of the queue
 *     sluice:{orders/3}:lease                           hash   the lease row, see @sluice/lease
 *     sluice:{orders/3}:payloads                        hash   payload id → batch frame
 *     sluice:{orders/3}:gauge                           hash   records, bytes: waiting and active
 *     sluice:{orders/3}:state                           hash   blockedUntil (Redis time, ms), blockedReason
 *     sluice:{orders/3}:filter                          hash   shard, and number of lanes → how far the lane is acked without a gap
 *     sluice:{orders/3}:acked                           hash   job id → the shard's progress after that job: acked above a gap
 *     sluice:{orders/dead-letters}:orders dead-letters:…        BullMQ's keys of the dead letters
 *     sluice:{orders/dead-letters}:payloads             hash   dead letter id → frame of its record
 */
export const DEFAULT_KEY_PREFIX = 'sluice';

export interface TargetAddress {
  /** What all keys begin with. @default 'sluice' */
  readonly keyPrefix?: string | undefined;
  readonly target: string;
}

export interface LaneAddress extends TargetAddress {
  readonly lane: number;
}

/** A BullMQ queue: `new Queue(queueName, { prefix: bullPrefix, connection })`. */
export interface QueueAddress {
  readonly queueName: string;
  readonly bullPrefix: string;
}

export interface LaneName extends QueueAddress {
  readonly target: string;
  readonly lane: number;
}

/** The keys of a lane that are ours; BullMQ's begin with {@link LaneKeys.jobPrefix}. */
export interface LaneKeys extends QueueAddress {
  /** What a job's key begins with: `jobPrefix + id`. */
  readonly jobPrefix: string;
  readonly wait: string;
  readonly active: string;
  readonly meta: string;
  readonly events: string;
  /** BullMQ's counter of job ids: the id of the newest job. */
  readonly newestId: string;
  readonly lease: string;
  readonly payloads: string;
  readonly gauge: string;
  readonly state: string;
  readonly filter: string;
  readonly acked: string;
}

export const laneQueue = ({ keyPrefix = DEFAULT_KEY_PREFIX, target, lane }: LaneAddress): QueueAddress => ({
  queueName: `${spell(target)} lane ${String(lane).padStart(2, '0')}`,
  bullPrefix: `${keyPrefix}:{${spell(target)}/${lane}}`,
});

export const deadLetterQueue = ({ keyPrefix = DEFAULT_KEY_PREFIX, target }: TargetAddress): QueueAddress => ({
  queueName: `${spell(target)} dead-letters`,
  bullPrefix: `${keyPrefix}:{${spell(target)}/dead-letters}`,
});

/** The keys of a target's dead letters. */
export interface DeadLetterKeys {
  /** What the key of a dead letter's job begins with: `jobPrefix + id`. */
  readonly jobPrefix: string;
  readonly failed: string;
  readonly events: string;
  /** BullMQ's counter of jobs. */
  readonly newestId: string;
  /** Their records. */
  readonly payloads: string;
}

export function deadLetterKeys(address: TargetAddress): DeadLetterKeys {
  const { queueName, bullPrefix } = deadLetterQueue(address);
  const jobPrefix = `${bullPrefix}:${queueName}:`;
  return {
    jobPrefix,
    failed: `${jobPrefix}failed`,
    events: `${jobPrefix}events`,
    newestId: `${jobPrefix}id`,
    payloads: `${bullPrefix}:payloads`,
  };
}

/** The key of the lease row of a lane, in the lane's slot. */
export const laneLeaseKey = (address: LaneAddress): string => `${laneQueue(address).bullPrefix}:lease`;

export const targetsKey = (keyPrefix = DEFAULT_KEY_PREFIX): string => `${keyPrefix}:targets`;

export function laneKeys(address: LaneAddress): LaneKeys {
  const { queueName, bullPrefix } = laneQueue(address);
  const jobPrefix = `${bullPrefix}:${queueName}:`;
  return {
    queueName,
    bullPrefix,
    jobPrefix,
    wait: `${jobPrefix}wait`,
    active: `${jobPrefix}active`,
    meta: `${jobPrefix}meta`,
    events: `${jobPrefix}events`,
    newestId: `${jobPrefix}id`,
    lease: laneLeaseKey(address),
    payloads: `${bullPrefix}:payloads`,
    gauge: `${bullPrefix}:gauge`,
    state: `${bullPrefix}:state`,
    filter: `${bullPrefix}:filter`,
    acked: `${bullPrefix}:acked`,
  };
}

/** BullMQ forbids a colon in a queue's name, and a brace would end the hash tag. */
const spell = (target: string): string => target.replace(/[:{}%\p{Cc}]/gu, (character) => encodeURIComponent(character));
