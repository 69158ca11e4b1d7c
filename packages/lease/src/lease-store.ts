import type { FencingToken } from './fencing-token.ts';

/**
 * Leases in a store that several workers share.
 *
 * A lease row has a key of the caller's choice and, besides the fields of this package (`owner`, `worker`, `token`, `until`, `ttl`,
 * `heir`, `heirUntil`, `movedTo`, `movedUntil`, `load`, `ended`), whatever facts its users keep there under other names; a claim answers all of them.
 * Every call says under which epoch it is meant, and rejects with a retryable error, nothing sent, once that epoch is over.
 * Every call may be repeated after its answer was lost.
 */
export interface LeaseStore {
  /** One more each time the connection was lost; every lease of an earlier epoch is lost. */
  readonly epoch: number;
  readonly isReady: boolean;
  onLost(listener: () => void): () => void;
  onReady(listener: () => void): () => void;

  /** Takes a lease that is free, expired, or this worker's own; each success has a higher token number than any before it. */
  claim(request: ClaimRequest): Promise<ClaimAnswer>;
  /** Keeps the worker a member of its group and renews its leases, in one round trip. */
  pulse(request: PulseRequest): Promise<PulseAnswer>;
  /** Who holds each of these rows, in their order. */
  survey(epoch: number, keys: readonly string[]): Promise<readonly SurveyedRow[]>;
  /** Notes what the worker measured of leases that it holds. A row that is another's by now is left alone. */
  reportLoads(epoch: number, loads: readonly MeasuredLease[]): Promise<void>;
  /** Gives a lease back and tells its group. Without effect where the token is no longer the row's. */
  release(request: ReleaseRequest): Promise<void>;
  /** Takes the worker out of its group and tells the others. */
  leave(epoch: number, group: string, worker: string): Promise<void>;
  /** Calls `listener` when something in the group may have become free for the worker. Notices may be lost; they only make things quicker. */
  onNotice(group: string, worker: string, listener: () => void): Promise<() => void>;
}

export interface ClaimRequest {
  readonly epoch: number;
  readonly key: string;
  readonly worker: string;
  readonly ttlMs: number;
  /** Refuse while this group is paused. */
  readonly group?: string;
  /** Rows that must have ended before; those that do not exist count as ended. */
  readonly after?: readonly string[];
  /** Refuse to make the row where it does not exist. */
  readonly mustExist?: boolean;
}

export type ClaimAnswer =
  | { readonly outcome: 'claimed'; readonly token: FencingToken; readonly facts: Readonly<Record<string, string>> }
  | { readonly outcome: 'held' | 'reserved'; readonly worker: string; readonly remainingMs: number }
  | { readonly outcome: 'waiting'; readonly waitsFor: string }
  | { readonly outcome: 'ended' | 'absent' | 'paused' };

export interface PulseRequest {
  readonly epoch: number;
  /** The key of the group: the sorted set of its members. */
  readonly group: string;
  readonly worker: string;
  /** How long worker and leases last from now, milliseconds. */
  readonly ttlMs: number;
  /** `false` to stay out of the group while the last leases are kept. */
  readonly isMember: boolean;
  readonly held: readonly { readonly key: string; readonly token: FencingToken }[];
}

export interface PulseAnswer {
  /** By name. */
  readonly members: readonly string[];
  /** How long each other member is one at least, unless it leaves, milliseconds; absent where there is no other. */
  readonly othersLastMs?: number;
  /** What became of each lease, in the order asked. */
  readonly leases: readonly PulsedLease[];
  /** An operator wants nobody to hold leases of the group for now. */
  readonly isPaused?: true;
  /** The store's clock was set back, at least so far, milliseconds; absent where it was not. Answered once. */
  readonly clockSetBackMs?: number;
}

/** Renewed; or ended under this very token, as a shard that was read to its end; or held by another worker by now. */
export type PulsedLease = 'renewed' | 'ended' | 'lost';

export type RowState = 'free' | 'held' | 'reserved' | 'ended' | 'absent';

export interface SurveyedRow {
  readonly key: string;
  readonly state: RowState;
  /** Who holds it, or for whom it is reserved; empty otherwise. */
  readonly worker: string;
  readonly remainingMs: number;
  /** The worker that an operator wants to have it, whoever has it now. */
  readonly movedTo?: string;
  /** As its holders measured it last. */
  readonly load?: number;
  /** As in {@link PulseAnswer}. */
  readonly clockSetBackMs?: number;
}

/** How much a lease gives its holder to do. Only compared with others of its group. */
export interface MeasuredLease {
  readonly key: string;
  readonly token: FencingToken;
  readonly load: number;
}

export interface ReleaseRequest {
  readonly epoch: number;
  readonly group: string;
  readonly key: string;
  readonly token: FencingToken;
  /** The worker that shall have it next: others leave it alone for a moment. */
  readonly successor?: string;
}

/** How long an operator's order that a worker shall have a row lasts. */
export const MOVE_MS = 600_000;

/** How long a released row is left to its successor. */
export const RESERVATION_MS = 2_000;
