/**
 * What a stream's shards allow to all who poll them: five calls and 2 MiB a second each. One ingress keeps within that by itself. Where others
 * of this Redis poll the stream too, each call takes a turn; who else polls it shows only by throttling, see `poll-pace.ts`.
 *
 * Where it is not known that the endpoint enforces quotas, nothing of this happens until a shard throttles.
 */
import type { Clock } from '@sluice/core';
import { READ_BYTES_PER_SECOND } from '@sluice/kinesis';

/** What all that poll a shard share. */
export interface ReadQuota {
  /** Ingresses that may poll a shard without minding each other. */
  readonly freeReaders: number;
  /** Calls a second to a shard, of all together. */
  readonly callsPerSecond: number;
  /** `undefined`: the calls limit them. */
  readonly bytesPerSecond: number | undefined;
}

export const KINESIS_QUOTA: ReadQuota = { freeReaders: 1, callsPerSecond: 5, bytesPerSecond: READ_BYTES_PER_SECOND };
/** More than two that read a shard are throttled. */
export const TABLE_QUOTA: ReadQuota = { freeReaders: 2, callsPerSecond: 10, bytesPerSecond: undefined };

export interface TurnLedger {
  /**
   * Counts the caller as a reader of the stream, and takes `callMs` of a shard where one is named; what is negative is given back.
   * Rejects where the ledger cannot be reached.
   */
  take(shardId: string, callMs: number): Promise<TurnAnswer>;
}

export interface TurnAnswer {
  readonly waitMs: number;
  /** Ingresses that poll the stream, this one included. */
  readonly readers: number;
}

export interface ReadTurnsOptions {
  readonly ledger: TurnLedger;
  readonly quota: ReadQuota;
  /** Whether the endpoint is known to enforce the quotas. */
  readonly isEnforced: boolean;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Called when the number of ingresses that poll the stream is another one. */
  readonly onReaders?: (readers: number) => void;
}

/** How often to look who else polls the stream. */
const LOOK_MS = 5_000;
/** How long quotas are taken to be enforced after a shard throttled. */
const ENFORCED_MS = 600_000;

export class ReadTurns {
  readonly #options: ReadTurnsOptions;
  readonly #leastCallMs: number;
  /** By shard, what its page before took of it: what the next call is expected to take. */
  readonly #callMs = new Map<string, number>();
  /** By shard, what was taken for the call that is under way. */
  readonly #taken = new Map<string, number>();
  #readers = 1;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #enforcedUntilMs: number;

  constructor(options: ReadTurnsOptions) {
    this.#options = options;
    this.#leastCallMs = 1_000 / options.quota.callsPerSecond;
    this.#enforcedUntilMs = options.isEnforced ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Milliseconds to wait before a call to a shard is sent, 0 where nobody else minds. Never rejects. */
  async next(shardId: string): Promise<number> {
    if (!this.#isEnforced) return 0;
    await this.#look();
    if (!this.#isShared) return 0;
    const callMs = this.#callMs.get(shardId) ?? this.#leastCallMs;
    this.#taken.set(shardId, callMs);
    return this.#take(shardId, callMs);
  }

  /** What a page takes of its shard: milliseconds from its call on for which the shard has nothing more. */
  charge(shardId: string, bytes: number): number {
    const { bytesPerSecond } = this.#options.quota;
    if (!this.#isEnforced || bytesPerSecond === undefined) return 0;
    const takesMs = (bytes * 1_000) / bytesPerSecond;
    const callMs = Math.max(takesMs, this.#leastCallMs);
    const taken = this.#taken.get(shardId);
    this.#callMs.set(shardId, callMs);
    this.#taken.delete(shardId);
    if (taken !== undefined && Math.abs(callMs - taken) >= 1) void this.#take(shardId, callMs - taken);
    return takesMs;
  }

  throttled(): void {
    if (!this.#options.isEnforced) this.#enforcedUntilMs = this.#options.clock.monotonic() + ENFORCED_MS;
  }

  get #isEnforced(): boolean {
    return this.#options.clock.monotonic() < this.#enforcedUntilMs;
  }

  get #isShared(): boolean {
    return this.#readers > this.#options.quota.freeReaders;
  }

  /** All shards of the stream look at once. */
  async #look(): Promise<void> {
    const nowMs = this.#options.clock.monotonic();
    if (nowMs - this.#lookedAtMs >= LOOK_MS) this.#looking ??= this.#lookNow();
    await this.#looking;
  }

  async #lookNow(): Promise<void> {
    await this.#take('', 0);
    this.#looking = undefined;
  }

  /** Where the ledger cannot be reached, each reads at its own pace: throttling tells when that is too quick. */
  async #take(shardId: string, callMs: number): Promise<number> {
    const { ledger, clock, onReaders } = this.#options;
    this.#lookedAtMs = clock.monotonic();
    try {
      const { waitMs, readers } = await ledger.take(shardId, callMs);
      if (readers !== this.#readers) onReaders?.(readers);
      this.#readers = readers;
      return waitMs;
    } catch {
      return 0;
    }
  }
}
