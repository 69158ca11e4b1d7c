/**
 * Every key of Sluice in Redis. All begin with the key prefix, `sluice` by default. Braces are a hash tag: keys that a command uses
 * together share a slot. "until cleared" means that only an operator removes the key.
 *
 * | key                                      | type   | holds                                                  | written by        | life                   |
 * |------------------------------------------|--------|--------------------------------------------------------|-------------------|------------------------|
 * | `:{INGRESS}:readers`                     | zset   | members of an ingress: worker -> lives until (ms)      | lease             | expires with its last member |
 * | `:{INGRESS}:readers:notices`             | channel| "look again": a lease or a shard is new or free        | lease             | -                      |
 * | `:sources`                               | set    | `INGRESS/STREAM` of every table of shards              | lease (shards)    | until forgotten        |
 * | `:sources:found`                         | string | the tables of older releases are in that set, too      | lease (shards)    | until cleared          |
 * | `:{INGRESS/STREAM}:shards`               | hash   | shard ID -> IDs of its parents                         | lease (shards)    | shard: until pruned    |
 * | `:{INGRESS/STREAM}:shards:SHARD`         | hash   | lease row and checkpoint of a shard                    | lease (shards)    | until pruned           |
 * | `:workers:TARGET`, `...:notices`         | zset   | members of an egress, as above                         | lease             | as above               |
 * | `...readers:paused`, `:workers:TARGET:paused` | hash | `at` (Redis' time, ms), `by`, `reason`: nobody holds leases of the group | lease | until resumed |
 * | `:{polled ARN}:readers`                  | zset   | ingress that polls the stream -> until when it counts (ms) | ingress       | 15 s                   |
 * | `:{polled ARN}:turns`                    | hash   | shard -> when its next call may be sent (Redis' time, ms) | ingress        | 60 s                   |
 * | `:audit`                                 | list   | what operators did, newest first, the last 1,000       | operator          | -                      |
 * | `:formats`                               | hash   | format -> highest version that was written             | redis             | until cleared          |
 * | `:uses`                                  | hash   | `ingress ID`, `egress ID` -> JSON: what the worker that last started makes of it | worker | until cleared |
 * | `:reports`                               | zset   | worker -> until when its report lives (Redis' time, ms) | status           | expires with its last report |
 * | `:reports:WORKER`                        | string | JSON: what a worker reports of itself                  | status            | 16 s                   |
 * | `:actors:WORKER`                         | string | JSON: the tree of its actors, while somebody looks     | status            | 16 s                   |
 * | `:watched`                               | string | somebody looks: workers report every second            | status            | 15 s                   |
 * | `:history:BUCKET`                        | hash   | MEASURE\|NAME -> number. BUCKET: Redis' time, 10 s      | status            | 1 h 10 min             |
 * | `:tap:EGRESS`                            | channel| what functions send to an egress, while clients watch it | functions       | -                      |
 * | `:targets`                               | hash   | target -> number of its lanes, see below               | queue             | until cleared          |
 * | `:{TARGET/LANE}:lease`                   | hash   | lease row of the lane                                  | lease             | until cleared          |
 * | `:{TARGET/LANE}:TARGET lane NN:...`      | -      | BullMQ's keys of the lane, see below                   | queue (bull)      | job: until settled     |
 * | `:{TARGET/LANE}:payloads`                | hash   | payload id -> frame of a batch                         | queue             | until its job is settled |
 * | `:{TARGET/LANE}:gauge`                   | hash   | `records`, `bytes`: waiting and active                 | queue             | until cleared          |
 * | `:{TARGET/LANE}:state`                   | hash   | `blockedUntil` (Redis' time, ms), `blockedForMs`, `blockedReason`, `clearings`, `edits` | queue, functions | until cleared |
 * | `:{TARGET/LANE}:filter`                  | hash   | shard -> how far the lane is acked without a gap       | queue             | until the shard ended  |
 * | `:{TARGET/LANE}:acked`                   | hash   | job id -> progress after a job acked above a gap       | queue             | until the gap closes   |
 * | `:{TARGET/LANE}:ended`                   | hash   | ended shard -> newest job id when it ended             | queue             | until those jobs left  |
 * | `:{TYPE/LANE}:values:ID`                 | hash   | values of a function's address, see below              | functions         | until they expire or are deleted |
 * | `:{TYPE/LANE}:mailboxes`                 | hash   | ID -> JSON: how many messages wait outside the lane, and why | functions   | until they are processed |
 * | `:{TYPE/LANE}:mailbox:ID`                | list   | those messages                                         | functions         | as above               |
 * | `:{delayed}:due`                         | zset   | id of a delayed message -> when it is due (Redis' time, ms) | queue        | until fired or cancelled |
 * | `:{delayed}:messages`                    | hash   | id -> its lane, its token and the frame of its record   | queue             | as above               |
 * | `:{delayed}:tokens`                      | hash   | LENGTH:SENDER TOKEN (no blank) -> id                    | queue             | as above               |
 * | `:{delayed}:counts`                      | hash   | target -> number of its delayed messages               | queue             | as above               |
 * | `:{delayed}:id`                          | string | number of the newest delayed message                   | queue             | until cleared          |
 * | `:{TARGET/dead-letters}:TARGET dead-letters:...` | - | BullMQ's keys of the dead letters                   | queue (bull)      | until removed or redriven |
 * | `:{TARGET/dead-letters}:payloads`        | hash   | dead letter id -> frame of its record                  | queue             | as its dead letter     |
 * | `:{dead-letters}:lease`                  | hash   | lease row of who sends dead letters on                 | lease             | until cleared          |
 * | `:workers:dead-letters`, `...:notices`   | zset   | members: the workers that may do so, as above          | lease             | as above               |
 *
 * An entry of `:targets`: `8`; `8 resized`; while an operator changes it `8 to 3 until MS by ID`, then `8 closed 3 until MS by ID`.
 * Of BullMQ's keys of a queue we use: `wait`, `active` (lists of ids), `failed` (zset: id -> when), `id` (counter), `meta` (hash),
 * `events` (stream, the last 100 or so), `ID` (hash: a job), `ID:lock`. Fields of a lease row: `owner`, `worker`, `token`, `until`, `ttl`,
 * `heir`, `heirUntil`, `movedTo`, `movedUntil`, `ended`; of a shard's row also `shardId`, `parents`, `streamArn`, `streamCreatedAt`,
 * `checkpoint`, `startedAt`.
 * Fields of an address's values: `=NAME` (u16 length of the typename, typename, bytes of the value), `~NAME` (when it expires, ms of Redis'
 * time), `edits` (another text after each change by an operator). Field `edits` of a lane's state: the same for its mailboxes.
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
  readonly ended: string;
  readonly mailboxes: string;
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

/** The keys of messages that are sent later. */
export interface DelayedKeys {
  readonly due: string;
  readonly messages: string;
  readonly tokens: string;
  readonly newestId: string;
  readonly counts: string;
}

export const delayedKeys = (keyPrefix = DEFAULT_KEY_PREFIX): DelayedKeys => ({
  due: `${keyPrefix}:{delayed}:due`,
  messages: `${keyPrefix}:{delayed}:messages`,
  tokens: `${keyPrefix}:{delayed}:tokens`,
  newestId: `${keyPrefix}:{delayed}:id`,
  counts: `${keyPrefix}:{delayed}:counts`,
});

/** The key of the lease row of a lane, in the lane's slot. */
export const laneLeaseKey = (address: LaneAddress): string => `${laneQueue(address).bullPrefix}:lease`;

/** The group of the workers that share out the shards of an ingress. */
export const readerGroupKey = (keyPrefix: string, ingress: string): string => `${keyPrefix}:{${ingress}}:readers`;

/** The group of the workers that share out the lanes of an egress. */
export const writerGroupKey = (keyPrefix: string, target: string): string => `${keyPrefix}:workers:${target}`;

/** The group of the workers of which one sees to the dead letters. */
export const deadLetterSendersKey = (keyPrefix: string): string => writerGroupKey(keyPrefix, 'dead-letters');

export const deadLetterLeaseKey = (keyPrefix: string): string => `${keyPrefix}:{dead-letters}:lease`;

/** Exists while an operator wants no worker to hold leases of a group: when, by whom and why. */
export const pauseKey = (group: string): string => `${group}:paused`;

/** What the shards of an output stream may take in. @param stream ARN or name */
export const shardBudgetKey = (keyPrefix: string, stream: string): string => `${keyPrefix}:budgets:${stream}`;

/** Who polls a stream, and when its shards may be called next; in one slot. @param stream its ARN */
export const readTurnKeys = (keyPrefix: string, stream: string): { readonly readers: string; readonly turns: string } => ({
  readers: `${keyPrefix}:{polled ${stream}}:readers`,
  turns: `${keyPrefix}:{polled ${stream}}:turns`,
});

/** What operators did, newest first. */
export const auditKey = (keyPrefix = DEFAULT_KEY_PREFIX): string => `${keyPrefix}:audit`;

/** The workers that report, and until when each report lives. */
export const formatsKey = (keyPrefix: string): string => `${keyPrefix}:formats`;

/** What was last made of each id. */
export const usesKey = (keyPrefix: string): string => `${keyPrefix}:uses`;

export const reportsKey = (keyPrefix: string): string => `${keyPrefix}:reports`;

/** What a worker reports of itself. */
export const reportKey = (keyPrefix: string, worker: string): string => `${keyPrefix}:reports:${worker}`;

/** The tree of a worker's actors. */
export const actorsKey = (keyPrefix: string, worker: string): string => `${keyPrefix}:actors:${worker}`;

/** Exists while somebody looks at what workers report. */
export const watchedKey = (keyPrefix: string): string => `${keyPrefix}:watched`;

/** What happened in ten seconds. @param bucket seconds since 1970, by ten */
export const historyKey = (keyPrefix: string, bucket: number): string => `${historyKeyBase(keyPrefix)}${bucket}`;

/** What the keys of the history begin with. */
export const historyKeyBase = (keyPrefix: string): string => `${keyPrefix}:history:`;

/** The channel that announces released leases, new rows and members that leave to a group. */
export const noticeChannel = (group: string): string => `${group}:notices`;

/** The channel on which workers tell what functions send to an egress. */
export const tapChannel = (keyPrefix: string, egressId: string): string => `${keyPrefix}:tap:${egressId}`;

/** The table of a stream's shards. @param source id of the ingress, a slash, the stream as it is configured */
export const shardTableKey = (keyPrefix: string, source: string): string => `${keyPrefix}:{${source}}:shards`;

/** `INGRESS/STREAM` of every table of shards, so that nobody looks for them among all keys. */
export const sourcesKey = (keyPrefix: string): string => `${keyPrefix}:sources`;

/** Exists once the tables that older releases made are in {@link sourcesKey} too. */
export const sourcesFoundKey = (keyPrefix: string): string => `${keyPrefix}:sources:found`;

/** The lease row of a shard. */
export const shardRowKey = (table: string, shardId: string): string => `${table}:${shardId}`;

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
    ended: `${bullPrefix}:ended`,
    mailboxes: `${bullPrefix}:mailboxes`,
  };
}

/** The keys of one address of a function, in the slot of its lane. */
export interface AddressKeys {
  readonly values: string;
  readonly mailbox: string;
}

export const addressKeys = (address: LaneAddress, id: string): AddressKeys => ({
  values: valuesKeyBase(address) + id,
  mailbox: `${laneQueue(address).bullPrefix}:mailbox:${id}`,
});

/** What the keys of the values of all addresses of a lane begin with. */
export const valuesKeyBase = (address: LaneAddress): string => `${laneQueue(address).bullPrefix}:values:`;

/** BullMQ forbids a colon in a queue's name, and a brace would end the hash tag. */
const spell = (target: string): string => target.replace(/[:{}%\p{Cc}]/gu, (character) => encodeURIComponent(character));
