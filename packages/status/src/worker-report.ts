import type { ActorNode } from '@sluice/actor-kit';

/** What a worker says of itself, in Redis and at `/stats`. Rates are those since the report before. Never a payload or a key of a record. */
export interface WorkerReport {
  /** Of this shape. A reader leaves out reports of a format that it does not know. */
  readonly format: 1;
  readonly workerId: string;
  readonly app: 'ingress-worker' | 'egress-worker' | 'function-worker';
  /** The version of Sluice that it runs. */
  readonly release: string;
  readonly host: string;
  readonly pid: number;
  /** By the worker's clock, milliseconds since 1970, as is `atMs`. */
  readonly startedAtMs: number;
  readonly atMs: number;
  /** Where it serves `/ready` and the others. */
  readonly operationsUrl: string;
  /** What `/ready` answers. */
  readonly ready: boolean;
  readonly state: string;
  readonly reasons: readonly string[];
  readonly process: ProcessReport;
  readonly shards: readonly ShardReport[];
  /** Which source feeds which targets, as far as records went there. */
  readonly routes: readonly RouteReport[];
  readonly egresses: readonly EgressReport[];
  readonly functions: readonly FunctionReport[];
  /** Why dead letters are not sent on, while they are not. Of the one worker that sees to it. */
  readonly deadLetterOutput?: FailureReport;
  /** While somebody looks at it: the tree of its actors. */
  readonly actors?: ActorNode;
}

export interface ProcessReport {
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** Of one core; more than 1 where it uses several. */
  readonly cpuShare: number;
  /** By how much the event loop was late, 99th percentile. */
  readonly eventLoopDelayMs: number;
}

/** What fails, is tried again, and has not succeeded since. */
export interface FailureReport {
  /** Of the last attempt. */
  readonly code: string;
  readonly reason: string;
  /** For how long, at the time of the report. */
  readonly seconds: number;
  readonly records?: number;
}

/** A shard that the worker reads. */
export interface ShardReport {
  /** Id of the ingress, a slash, the stream as it is configured. */
  readonly source: string;
  readonly shard: string;
  /** `paused`: a target is above its high-water mark. `failing`: reads fail and are tried again. */
  readonly state: 'reading' | 'paused' | 'failing';
  readonly lagSeconds: number;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Why it is failing. */
  readonly code?: string;
  readonly reason?: string;
}

export interface RouteReport {
  readonly source: string;
  readonly targets: readonly string[];
}

/** An egress that the worker writes to. */
export interface EgressReport {
  readonly egress: string;
  /** The stream that it writes to, by name or ARN; where its records name their streams, the one that was opened last. Absent before. */
  readonly stream?: string;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly requestsPerSecond: number;
  /** Records that the service refused, or whose request failed; they are tried again. */
  readonly failedPerSecond: number;
  /** Of those, the throttled ones. */
  readonly throttledPerSecond: number;
  /** Mean duration of its requests; 0 where there were none. */
  readonly requestMs: number;
  /** How long it waits for an answer and how many records it sends in a request, where time-outs have changed them. */
  readonly timeoutSeconds?: number;
  readonly maxRecords?: number;
  /** `waiting`: it cannot be opened yet. `failing`: no request was answered for long. */
  readonly state: 'writing' | 'waiting' | 'failing';
  /** What its requests failed with last, while they do. */
  readonly code?: string;
  readonly reason?: string;
  /** Why the data of too large records cannot be put elsewhere, while they cannot. `records` wait for it. */
  readonly offloading?: FailureReport;
}

/** A function type that the worker serves. */
export interface FunctionReport {
  /** `namespace/name`. */
  readonly type: string;
  readonly invocationsPerSecond: number;
  /** Messages in them. */
  readonly messagesPerSecond: number;
  readonly failedPerSecond: number;
  /** Mean duration of its requests; 0 where there were none. */
  readonly requestMs: number;
  /** Addresses of this worker. */
  readonly parked: number;
  readonly inFlight: number;
  readonly state: 'serving' | 'waiting';
  /** What its requests failed with last, while they do. */
  readonly code?: string;
  readonly reason?: string;
}
