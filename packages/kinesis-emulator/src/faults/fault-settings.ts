import type { OperationName } from '../operations/catalogue.ts';
import type { RecordFailure } from '../operations/operation.ts';

/** Errors of which one says that the credentials are not, or no longer, good. */
export const CREDENTIAL_FAILURES = ['ExpiredTokenException', 'InvalidSignatureException', 'UnrecognizedClientException'] as const;
export type CredentialFailure = (typeof CREDENTIAL_FAILURES)[number];

/** Errors that a whole request may be refused with. */
export const REQUEST_FAILURES = [
  'InternalFailure',
  'ServiceUnavailable',
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ResourceNotFoundException',
  'ExpiredIteratorException',
  'AccessDeniedException',
  ...CREDENTIAL_FAILURES,
] as const;
export type RequestFailure = (typeof REQUEST_FAILURES)[number];

export const RECORD_FAILURES = ['ProvisionedThroughputExceededException', 'InternalFailure'] as const satisfies readonly RecordFailure[];

/** At least the first number of milliseconds, at most the second. */
export type Range = readonly [number, number];

/** What the client sees of a reply that is never sent: a reset connection, or nothing at all. */
export type LostReply = 'reset' | 'hang';

/** What happens to requests of one operation. Rates are chances from 0 to 1. */
export interface OperationFaults {
  /** Requests refused before anything happened. @default 0 */
  readonly errorRate?: number;
  /** What they are refused with, chosen evenly. @default ['InternalFailure'] */
  readonly errors?: readonly RequestFailure[];
  /** Pause before a request is carried out. @default [0, 0] */
  readonly latencyMs?: Range;
  /** Pause between carrying a request out and answering it: it takes effect, then the client waits. @default [0, 0] */
  readonly replyDelayMs?: Range;
  /** Requests whose reply is delayed. @default 1 */
  readonly replyDelayRate?: number;
  /** Bandwidth of replies on one connection. @default unlimited */
  readonly bytesPerSecond?: number;
  /** Requests that are carried out and whose reply ends, with its connection, after a random byte of head or body. @default 0 */
  readonly cutReplyRate?: number;
  /** Requests that are carried out and whose answer is never sent. @default 0 */
  readonly lostReplyRate?: number;
  /** What the client sees of a lost reply. @default 'reset' */
  readonly lostReply?: LostReply;
  /** Requests whose connection is reset first, and which are carried out `lateMs` after that. @default 0 */
  readonly lateRate?: number;
  /** @default [1000, 5000] */
  readonly lateMs?: Range;
  /** PutRecords only: records that fail on their own. @default 0 */
  readonly recordErrorRate?: number;
  /** What they fail with, chosen evenly. @default both */
  readonly recordErrors?: readonly RecordFailure[];
}

/** A shard that the control plane does not know of for a number of answers. */
export interface HiddenShard {
  readonly shardId: string;
  /** Name of its stream. @default every stream */
  readonly stream?: string;
  /** Answers of ListShards and DescribeStream that leave it out. @default 0 */
  readonly lists?: number;
  /** GetShardIterator requests answered with `ResourceNotFoundException`. @default 0 */
  readonly iterators?: number;
}

/** A control plane whose answers are not yet, or not always, up to date. Reading and writing records sees every change at once. */
export interface ControlPlaneFaults {
  /** How long after a reshard lists and descriptions show the shards before it, and children have no iterators. @default 0 */
  readonly lagMs?: number;
  readonly hidden?: readonly HiddenShard[];
}

/** Requests signed by these credentials are refused. Without `accessKeyId` and `sessionToken` that is every request. */
export interface CredentialRefusal {
  readonly error: CredentialFailure;
  readonly accessKeyId?: string;
  readonly sessionToken?: string;
  /** Requests refused. @default all of them */
  readonly times?: number;
}

/** Faults by operation, `*` for every operation that has no entry of its own; and those of no single operation. Plain JSON. */
export type FaultSettings = Readonly<Partial<Record<OperationName | '*', OperationFaults>>> & {
  readonly controlPlane?: ControlPlaneFaults;
  readonly credentials?: readonly CredentialRefusal[];
};

/** One fault for the very next request of an operation. */
export interface OneFault {
  readonly error?: RequestFailure;
  readonly latencyMs?: number;
  readonly replyDelayMs?: number;
  readonly bytesPerSecond?: number;
  /** The reply ends, with its connection, after this many bytes, counted from the first of its head. */
  readonly cutReplyAfterBytes?: number;
  readonly lostReply?: LostReply;
  /** The connection is reset, and the request is carried out this much later. */
  readonly lateMs?: number;
  /** PutRecords only: the index of each record that fails, and its reason. */
  readonly records?: Readonly<Record<number, RecordFailure>>;
}
