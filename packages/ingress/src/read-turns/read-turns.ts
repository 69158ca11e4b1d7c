/**
 * What a stream's shards allow to all who poll them: five calls and 2 MiB a second each. One ingress keeps within that by itself. Where others
 * of this Redis poll the stream too, each call takes a turn; who else polls it shows only by throttling, see `poll-pace.ts`.
 *
 * Where it is not known that the endpoint enforces quotas, nothing of this happens until a shard throttles.
 */
import { type Clock, sleep } from '@sluice/core';
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
  /** Counts the caller as a reader of the stream, and notes what it takes. Rejects where the ledger cannot be reached. */
  take(demand: TurnDemand): Promise<TurnAnswer>;
}

export interface TurnDemand {
  /** Absent where only the readers are asked for. */
  readonly shardId?: string;
  /** Between two calls to the shard. Absent where a page has come. */
  readonly callMs?: number;
  /** For which the shard pays for that page. */
  readonly paysMs?: number;
  /** The caller has its turn; it gets another one where a page came meanwhile that is not paid for. */
  readonly hasTurn?: boolean;
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
  readonly clock: Pick<Clock, 'monotonic' | 'setTimeout' | 'clearTimeout'>;
  /** Called when the number of ingresses that poll the stream is another one. */
  readonly onReaders?: (readers: number) => void;
}

/** How often to look who else polls the stream. */
const LOOK_MS = 5_000;
/** How long quotas are taken to be enforced after a shard throttled. */
const ENFORCED_MS = 600_000;

export class ReadTurns {
  readonly #options: ReadTurnsOptions;
  /** Between two calls to a shard. */
  readonly #callMs: number;
  #readers = 1;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #enforcedUntilMs: number;

  constructor(options: ReadTurnsOptions) {
    this.#options = options;
    this.#callMs = 1_000 / options.quota.callsPerSecond;
    this.#enforcedUntilMs = options.isEnforced ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /** Waits until a call to a shard may be sent. Rejects with the signal's reason only. */
  async wait(shardId: string, signal: AbortSignal): Promise<void> {
    if (!this.#isEnforced) return;
    await this.#look();
    if (!this.#isShared) return;
    const turn = { shardId, callMs: this.#callMs };
    let waitMs = await this.#take(turn);
    for (; waitMs > 0; waitMs = await this.#take({ ...turn, hasTurn: true })) await sleep(this.#options.clock, waitMs, signal);
  }

  /**
   * A page has come. Answers milliseconds from now on for which the shard has nothing more; 0 where the time of a call covers it. Counted from
   * the arrival, as nobody knows how long before that the service sent it.
   */
  charge(shardId: string, bytes: number): number {
    const { bytesPerSecond } = this.#options.quota;
    if (!this.#isEnforced || bytesPerSecond === undefined) return 0;
    const paysMs = (bytes * 1_000) / bytesPerSecond;
    if (paysMs <= this.#callMs) return 0;
    // Also where nobody else is known: who has just come waits for it, and is known from then on.
    void this.#take({ shardId, paysMs });
    return paysMs;
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
    await this.#take({});
    this.#looking = undefined;
  }

  /** Where the ledger cannot be reached, each reads at its own pace: throttling tells when that is too quick. */
  async #take(demand: TurnDemand): Promise<number> {
    const { ledger, clock, onReaders } = this.#options;
    this.#lookedAtMs = clock.monotonic();
    try {
      const { waitMs, readers } = await ledger.take(demand);
      if (readers !== this.#readers) onReaders?.(readers);
      this.#readers = readers;
      return waitMs;
    } catch {
      return 0;
    }
  }
}
