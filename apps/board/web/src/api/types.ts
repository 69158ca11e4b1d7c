/** What the board's API answers, beside the overview, the history and the reports of workers, whose shapes are those of `@sluice/status`. */
import type { LaneOverview, WorkerReport } from '@sluice/status';

export type {
  FailureReport,
  History,
  LaneOverview,
  Measure,
  Overview,
  ShardOverview,
  StreamOverview,
  TargetOverview,
  WorkerOverview,
  WorkerReport,
  WriterOverview,
} from '@sluice/status';

export type ActorNode = NonNullable<WorkerReport['actors']>;
export type Pause = { readonly atMs: number; readonly by: string; readonly reason: string };

export interface Session {
  /** `null` where the board has no login. */
  readonly user: string | null;
  readonly readOnly: boolean;
  readonly csrfToken: string;
  readonly release: string;
  /** Whether the data of records may be shown. */
  readonly payloads: boolean;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** Where a record came from. */
export interface Origin {
  readonly stream: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
  /** Milliseconds since 1970; 0 where unknown. */
  readonly arrivalTimeMs: number;
}

export interface Job {
  readonly id: string;
  readonly state: 'waiting' | 'active';
  /** `null` where it cannot be read: it holds its lane up. */
  readonly data: JobData | null;
}

/** As the queue stores it. */
export interface JobData {
  readonly records: number;
  readonly bytes: number;
  readonly source?: { readonly stream: string; readonly shard: string; readonly first: string; readonly last: string };
  /** ISO 8601. */
  readonly enqueuedAt: string;
  readonly attempts: number;
  readonly lastReason?: string;
  /** Indexes of the records still to be delivered, such as `0-3,7`; all where absent. */
  readonly remaining?: string;
}

export interface LaneAnswer {
  readonly target: string;
  readonly lane: LaneOverview;
  /** The first of them. */
  readonly jobs: readonly Job[];
}

export interface JobRecord {
  readonly index: number;
  readonly key: string;
  readonly bytes: number;
  readonly origin?: Origin;
  /** Base64; only where it was asked for. */
  readonly data?: string;
}

export interface JobAnswer extends Job {
  /** What is wrong with it, such as a lost payload. */
  readonly fault: string | null;
  readonly total: number;
  readonly records: readonly JobRecord[];
}

export interface ParkedAddress {
  readonly type: string;
  readonly id: string;
  /** Messages that wait. */
  readonly records: number;
  readonly bytes: number;
  /** Absent where messages wait for another reason. */
  readonly parking?: { readonly reason: Reason; readonly since: number; readonly attempts: number; readonly retryAt: number };
}

export interface FunctionsAnswer {
  readonly total: number;
  readonly addresses: readonly ParkedAddress[];
}

export interface DeadLetterSummary {
  readonly id: string;
  readonly target: string;
  readonly lane: number;
  readonly reason: Reason;
  readonly partitionKey: string;
  readonly bytes: number;
  readonly origin?: Origin;
  readonly rejectedAtMs: number;
}

export interface DeadLettersAnswer {
  readonly total: number;
  readonly letters: readonly DeadLetterSummary[];
}

export interface DeadLetterAnswer extends DeadLetterSummary {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Base64; only where it was asked for. */
  readonly data?: string;
}

export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface AuditAnswer {
  readonly entries: readonly AuditEntry[];
}

export interface ActionPlan {
  /** What it would do, for people. */
  readonly lines: readonly string[];
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** `false`: there is nothing to do. */
  readonly changes: boolean;
}

export interface ActionAnswer {
  readonly plan: ActionPlan;
  /** What was done; absent after a dry run. */
  readonly lines?: readonly string[];
}
