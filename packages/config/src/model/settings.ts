import type { LogLevel, StartPosition } from '@sluice/core';
import type { AwsSettings } from './aws.ts';
import type { Ordering, OversizeSettings } from './egress.ts';
import type { OnError } from './ingress.ts';
import type { FanOutSettings } from './reader.ts';
import type { Secret } from './secret.ts';

/** Everything under the `sluice:` key, with defaults. Times in milliseconds. */
export interface SluiceSettings {
  readonly redis: RedisSettings;
  /** Lanes of a target whose egress sets no number of its own. Recorded at first use. */
  readonly lanes: number;
  readonly ordering: Ordering;
  /** Whether shards are taken to enforce the service's quotas; `auto`: at AWS, and elsewhere once one throttled. */
  readonly quotas: 'auto' | 'always';
  /** `auto`: as the dialect has it (Stateful Functions aggregates, Benthos does not). */
  readonly aggregation: AggregationMode;
  readonly aggregate: AggregateLimits;
  readonly backpressure: BackpressureSettings;
  readonly lease: LeaseSettings;
  /** Address that all ports are bound to. */
  readonly host: string;
  /** 0 = any free port. */
  readonly ports: PortSettings;
  readonly board: BoardSettings;
  /** Whether workers load the configuration anew when its files change. */
  readonly watcher: boolean;
  /** Of ingresses whose own file names no consumer. */
  readonly fanOut: Omit<FanOutSettings, 'position' | 'consumerArns'>;
  readonly log: LogSettings;
  readonly metrics: MetricsSettings;
  /** `undefined`: no spans are recorded. */
  readonly tracing: TracingSettings | undefined;
  readonly shutdown: ShutdownSettings;
  readonly deadLetters: DeadLetterSettings;
  readonly commands: CommandSettings;
  readonly functions: FunctionSettings;
  /** `undefined`: there is none. */
  readonly httpIngress: HttpIngressSettings | undefined;
  /** Per egress id. */
  readonly egresses: Readonly<Record<string, EgressOverride>>;
  /** Per ingress id. */
  readonly ingresses: Readonly<Record<string, IngressOverride>>;
}

/** `on` packs records of one key, `shard` all records that go to one output shard. */
export type AggregationMode = 'auto' | 'on' | 'shard' | 'off';

/** `undefined`: as the dialect has it. */
export interface AggregateLimits {
  readonly maxCount: number | undefined;
  readonly maxBytes: number | undefined;
  readonly maxWaitMs: number | undefined;
}

export interface LogSettings {
  readonly level: LogLevel | 'off';
  readonly format: 'auto' | 'json' | 'logfmt' | 'pretty';
  readonly timestamp: boolean;
  readonly names: { readonly level: string; readonly time: string; readonly message: string };
  /** On every line. */
  readonly fields: Readonly<Record<string, string>>;
  /** `undefined`: standard error. */
  readonly file: string | undefined;
  /** Of the same warning or error; 0 = no limit. */
  readonly repeatsPerMinute: number;
}

export interface MetricsSettings {
  /** `auto`: ours in workers, those of Benthos in a pipeline in one process. */
  readonly names: 'auto' | 'sluice' | 'benthos' | 'both';
  /** `undefined`: metrics are not pushed. */
  readonly otlp: (CollectorSettings & { readonly intervalMs: number }) | undefined;
}

export interface TracingSettings extends CollectorSettings {
  /** Share of traces that are recorded, of those that begin here. */
  readonly ratio: number;
  /** Of every span. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A collector that takes OTLP over HTTP. */
export interface CollectorSettings {
  /** Base URL, or a URL that ends in `/v1/metrics` or `/v1/traces`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, Secret | undefined>>;
}

/** Where the HTTP front of functions listens. */
export interface HttpIngressSettings {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
}

export interface RedisSettings {
  /** `redis://` or `rediss://`, database number as path. Holds no password: that is `password`. */
  readonly url: string;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly tls: RedisTlsSettings;
  /** Set: the address of the master is asked from these. */
  readonly sentinel: SentinelSettings | undefined;
  /** Set: Redis Cluster, first contacted at these `host:port`. */
  readonly clusterNodes: readonly string[] | undefined;
  /** Before every key. */
  readonly prefix: string;
  readonly connectTimeoutMs: number;
  /** Accept a Redis without persistence: what it forgets is lost. */
  readonly allowVolatile: boolean;
}

export interface RedisTlsSettings {
  readonly enabled: boolean;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  readonly serverName: string | undefined;
  readonly rejectUnauthorized: boolean;
}

export interface SentinelSettings {
  readonly master: string;
  readonly nodes: readonly string[];
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

/** Per target. Above a high mark shard readers pause until both are under the low marks. */
export interface BackpressureSettings {
  readonly highWaterBytes: number;
  readonly lowWaterBytes: number;
  readonly highWaterRecords: number;
  readonly lowWaterRecords: number;
}

export interface LeaseSettings {
  readonly ttlMs: number;
  readonly renewIntervalMs: number;
}

export interface PortSettings {
  readonly board: number;
  readonly ingressWorker: number;
  readonly egressWorker: number;
  readonly functionWorker: number;
}

/** Who may see and do what on the board. */
export interface BoardSettings {
  /** `undefined`: nobody logs in, and the board listens on loopback only. */
  readonly login: BoardLogin | undefined;
  /** Nothing can be changed. */
  readonly readOnly: boolean;
  /** Whether the data of records is shown. */
  readonly payloads: boolean;
  /** Host names under which it answers, beside `localhost` and addresses. */
  readonly allowedHosts: readonly string[];
}

/** One user with a password, or the users that a trusted proxy names in a header. */
export type BoardLogin =
  | { readonly type: 'basic'; readonly username: string; readonly password: Secret | { readonly file: string } }
  | { readonly type: 'proxy'; readonly header: string; readonly addresses: readonly string[] };

export interface FunctionSettings {
  /** Open requests of a worker. */
  readonly maxInFlight: number;
  readonly onFailure: FailureOutcome;
  /** Whether requests carry where their messages come from. */
  readonly originHeaders: boolean;
  /** Per function type, `namespace/name`; `undefined` = as above. */
  readonly types: Readonly<Record<string, { readonly onFailure: FailureOutcome | undefined }>>;
}

/** What happens to an address whose function fails. */
type FailureOutcome = 'park' | 'dead_letter';

export interface ShutdownSettings {
  /** The worker goes on for this long after SIGTERM, so that metrics can be collected. */
  readonly delayMs: number;
  /** After this the worker gives up what is still in hand and exits. */
  readonly timeoutMs: number;
}

export interface DeadLetterSettings {
  /** `undefined`: they stay in Redis. */
  readonly output: DeadLetterOutputSettings | undefined;
  /** Of the oldest in Redis, per target; `undefined` = no limit. */
  readonly maxAgeMs: number | undefined;
  /** In Redis, per target; `undefined` = no limit. */
  readonly maxBytes: number | undefined;
}

/** Programs that processors may run. */
export interface CommandSettings {
  /** As processors name them; `*` is any. */
  readonly allowed: readonly string[];
  /** Of a run, or of the answer to a record. */
  readonly timeoutMs: number;
  /** Of a run. */
  readonly maxOutputBytes: number;
}

/** Where dead letters are sent on. */
export type DeadLetterOutputSettings =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 's3'; readonly bucket: string; readonly prefix: string; readonly isPathStyle: boolean; readonly aws: AwsSettings }
  | { readonly type: 'sqs'; readonly url: string; readonly aws: AwsSettings }
  | { readonly type: 'stream'; readonly stream: string; readonly aws: AwsSettings };

/** What one egress sets otherwise; `undefined` = as the settings above, or the user's file, say. */
export interface EgressOverride {
  /** Where a module.yaml egress writes records that name no stream, as those of a direct route do. */
  readonly stream: string | undefined;
  readonly lanes: number | undefined;
  readonly ordering: Ordering | undefined;
  readonly aggregation: AggregationMode | undefined;
  readonly aggregate: AggregateLimits;
  /** Where data go that are too large; the endpoint is that of the bucket. */
  readonly oversize: (Omit<OversizeSettings, 'aws'> & { readonly endpoint: string | undefined }) | undefined;
}

/** What one ingress sets otherwise; `undefined` = as the user's file says. */
export interface IngressOverride {
  readonly start: StartPosition | undefined;
  /** Name of its consumer; empty: it polls; `undefined`: as its own file has it. */
  readonly fanOut: string | undefined;
  readonly onError: OnError;
  readonly streams: Readonly<Record<string, StreamOverride>>;
}

/** What one stream of an ingress sets otherwise. */
export interface StreamOverride {
  readonly start: StartPosition | undefined;
  /** Where single shards begin. */
  readonly shards: Readonly<Record<string, StartPosition>>;
  readonly region: string | undefined;
  /** For a stream of another account. */
  readonly assumeRole: AwsSettings['assumeRole'];
}
