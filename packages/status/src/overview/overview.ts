import type { Pause } from '@sluice/lease';
import type { EgressReport, FunctionReport, WorkerReport } from '../worker-report.ts';

/** A whole installation at one moment, as Redis and the reports of its workers have it. */
export interface Overview {
  /** By the clock of Redis, milliseconds since 1970. */
  readonly atMs: number;
  /** Of whoever reads it. */
  readonly release: string;
  readonly redis: RedisOverview;
  /** By source. */
  readonly streams: readonly StreamOverview[];
  /** By name. */
  readonly targets: readonly TargetOverview[];
  /** By app, then by id. */
  readonly workers: readonly WorkerOverview[];
}

export interface RedisOverview {
  readonly version: string;
  readonly usedBytes: number;
  /** 0 where it has no limit of its own. */
  readonly maxBytes: number;
}

export interface StreamOverview {
  /** Id of the ingress, a slash, the stream as it is configured. */
  readonly source: string;
  readonly ingress: string;
  readonly stream: string;
  readonly arn: string;
  /** What its records go to, as far as some went there since its readers started. */
  readonly targets: readonly string[];
  readonly paused: Pause | null;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Over the shards that are being read; `null` where none is. */
  readonly lagMaxSeconds: number | null;
  readonly lagSumSeconds: number | null;
  readonly shards: readonly ShardOverview[];
}

export interface ShardOverview {
  readonly shardId: string;
  /** `free`: nobody reads it. `waiting`: for its parents to end. `ended`: it was read to its end. The others are its reader's. */
  readonly state: 'reading' | 'paused' | 'failing' | 'free' | 'waiting' | 'ended';
  /** The worker that holds its lease, or `null`. */
  readonly owner: string | null;
  readonly parents: readonly string[];
  /** `null` where nobody reports it. */
  readonly lagSeconds: number | null;
  readonly recordsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Every record up to it is in the lanes. */
  readonly checkpoint: string;
  readonly startedAt: string;
  /** How many times it was leased. */
  readonly leases: number;
  /** Why it is failing. */
  readonly code?: string;
  readonly reason?: string;
}

export interface TargetOverview {
  readonly target: string;
  /** `null` where no worker reports it and its name does not tell. */
  readonly kind: 'egress' | 'function' | null;
  /** What shares a lane: the records of a key, or all of a source shard. */
  readonly layout: 'key' | 'shard';
  readonly paused: Pause | null;
  readonly deadLetters: number;
  /** Addresses of a function that are parked. */
  readonly parked: number;
  /** Messages that are due later. */
  readonly delayed: number;
  /** The workers that write to the egress, or serve the function. */
  readonly writers: readonly WriterOverview[];
  readonly lanes: readonly LaneOverview[];
}

export type WriterOverview =
  | ({ readonly worker: string; readonly kind: 'egress' } & EgressReport)
  | ({ readonly worker: string; readonly kind: 'function' } & FunctionReport);

export interface LaneOverview {
  readonly lane: number;
  /** The worker that holds its lease, or `null`. */
  readonly owner: string | null;
  /** Waiting, and in their owner's hands. */
  readonly jobs: number;
  readonly waiting: number;
  readonly active: number;
  readonly records: number;
  readonly bytes: number;
  /** Jobs that were ever pushed. */
  readonly enqueued: number;
  /** How long the lane's first job has been in it, milliseconds; `null` where it is empty. */
  readonly oldestMs: number | null;
  /** Milliseconds; 0 where it is not blocked. */
  readonly blockedForMs: number;
  readonly blockedReason?: string;
}

/** A worker without what the streams and targets show of it. */
export type WorkerOverview = Omit<WorkerReport, 'actors' | 'shards' | 'routes' | 'egresses' | 'functions'> & {
  /** Shards that it reads, lanes that it owns. */
  readonly shards: number;
  readonly lanes: number;
};
