/**
 * Paces what one writer sends to each shard of a stream, so that the stream hardly ever throttles. A throttled request mostly fails in part,
 * and then a later record of a key may pass an earlier one.
 *
 * What a shard takes in is borrowed from a ledger that all writers of the stream share, in slices for a moment. At an endpoint that may enforce
 * no quotas, records leave without any of this until a shard throttles, for this writer or another.
 */
import type { Clock } from '@sluice/core';
import type { PutResult, ShardMap } from '@sluice/kinesis';
import type { BudgetLedger, LedgerAnswer, ShardDemand, ShardGrant } from './budget-ledger.ts';
import type { LiveShards } from './live-shards.ts';
import { type Outlet, THROTTLED } from './outlet.ts';
import { RateCap } from './rate-cap.ts';
import { ShardSlice } from './shard-slice.ts';

export interface StreamBudgetOptions {
  readonly ledger: BudgetLedger;
  readonly shards: LiveShards;
  /** Whether the endpoint is known to enforce the quotas. */
  readonly isEnforced: boolean;
  readonly clock: Clock;
  /** What this writer sends to a shard at most, in per cent of the shard's quota; `undefined`: what the shard has room for. */
  readonly rateLimit?: number | undefined;
}

/** What the budget needs to know of a record. */
interface Addressed {
  readonly partitionKey: string;
  readonly explicitHashKey: string | undefined;
  readonly byteSize: number;
}

/** What waits for budget. */
interface Waiting {
  /** A shard has budget again; or, without a grant, records need none of it. Answers whether more wait for it. */
  replenish(outlet: Outlet, grant?: { readonly records: number; readonly bytes: number }): boolean;
  /** Some have; called once for all of them. */
  resume(): void;
}

/** After an answer that lent less than was asked for; what a shard gains meanwhile is worth a request. */
const SHORT_PAUSE_MS = 40;
const FAILURE_PAUSE_MS = 250;
/** Between two looks at whether others met a quota. */
const LOOK_MS = 5_000;
/** Keys whose shard is remembered. */
const MAX_KEYS = 10_000;

export class StreamBudget {
  readonly #options: StreamBudgetOptions;
  readonly #clock: Clock;
  readonly #slices = new Map<string, ShardSlice>();
  readonly #byKey = new Map<string, ShardSlice>();
  /** Those for which records wait. */
  readonly #short = new Set<ShardSlice>();
  /** Those that throttled since the ledger was told last. */
  readonly #throttled = new Set<ShardSlice>();
  #waiting: Waiting | undefined;
  #isBorrowing = false;
  #isPaced: boolean;
  #borrowsAtMs = Number.NEGATIVE_INFINITY;
  #lookMs = 0;
  #timer: unknown;
  #isStopped = false;

  constructor(options: StreamBudgetOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#isPaced = options.isEnforced;
    options.shards.onChange((map) => this.#useMap(map));
  }

  /** Answers the way to stop: nothing is lent any more. */
  run(waiting: Waiting): () => void {
    this.#waiting = waiting;
    return () => {
      this.#isStopped = true;
      this.#clock.clearTimeout(this.#timer);
    };
  }

  /** The budget that a record needs; `undefined` where it needs none. */
  outletOf(record: Addressed): Outlet | undefined {
    return this.#isPaced ? this.#sliceOf(record) : undefined;
  }

  /** Borrows what is missing, and tells what is new; later where it is too early. */
  borrow(nowMs: number): void {
    if (this.#isStopped || this.#isBorrowing) return;
    const wakeAtMs = Math.max(this.#neededAtMs(nowMs), this.#borrowsAtMs);
    if (wakeAtMs <= nowMs) {
      this.#isBorrowing = true;
      void this.#borrowNow(nowMs);
    } else if (wakeAtMs !== Number.POSITIVE_INFINITY) {
      this.#clock.clearTimeout(this.#timer);
      this.#timer = this.#clock.setTimeout(() => this.borrow(this.#clock.monotonic()), Math.max(1, wakeAtMs - nowMs));
    }
  }

  #neededAtMs(nowMs: number): number {
    if (this.#throttled.size > 0) return nowMs;
    if (!this.#isPaced) return nowMs >= this.#lookMs ? nowMs : Number.POSITIVE_INFINITY;
    let neededAtMs = Number.POSITIVE_INFINITY;
    for (const slice of this.#short) neededAtMs = Math.min(neededAtMs, slice.lastsUntilMs(nowMs));
    return neededAtMs;
  }

  /** Learns from the answer to a request. @param failedCount of `results` */
  answered(records: readonly Addressed[], results: readonly PutResult[], failedCount: number): void {
    const nowMs = this.#clock.monotonic();
    const first = results[0];
    if (this.#isPaced && first && 'shardId' in first) this.#options.shards.answered(records[0]!, first.shardId);
    if (failedCount === 0 && !this.#isPaced) return;
    for (const [index, record] of records.entries()) {
      const slice = this.#sliceOf(record);
      if (!slice) continue;
      const result = failedCount > 0 ? results[index] : undefined;
      if (result && 'errorCode' in result && result.errorCode === THROTTLED) {
        slice.throttled(record.byteSize, nowMs);
        this.#throttled.add(slice);
        this.#isPaced = true;
      } else slice.took();
    }
  }

  async #borrowNow(nowMs: number): Promise<void> {
    const spent = [...this.#short].filter((slice) => slice.lastsUntilMs(nowMs) <= nowMs);
    const slices = [...new Set([...spent, ...this.#throttled])];
    const demands = slices.map((slice) => slice.demand(this.#short.has(slice)));
    this.#throttled.clear();
    try {
      this.#lent(slices, demands, await this.#options.ledger.borrow(demands));
    } catch {
      // Where Redis is gone the lanes are lost too, and with them what waits. A short break ends with the next attempt.
      for (const [index, slice] of slices.entries()) {
        if (slice.notTold(demands[index]!)) this.#throttled.add(slice);
      }
      this.#borrowsAtMs = this.#clock.monotonic() + FAILURE_PAUSE_MS;
    }
    this.#isBorrowing = false;
    if (this.#isStopped) return;
    this.#waiting?.resume();
    this.borrow(this.#clock.monotonic());
  }

  #lent(slices: readonly ShardSlice[], demands: readonly ShardDemand[], { isPaced, grants }: LedgerAnswer): void {
    const nowMs = this.#clock.monotonic();
    // What throttled meanwhile, the ledger learns next.
    this.#isPaced = isPaced || this.#throttled.size > 0;
    this.#lookMs = nowMs + LOOK_MS;
    let isTooLittle = false;
    for (const [index, slice] of slices.entries()) {
      const grant = grants[index]!;
      slice.grant(grant, nowMs);
      isTooLittle ||= isPaced && grant.records < demands[index]!.records;
      if (grant.records > 0) this.#replenish(slice, grant);
    }
    this.#borrowsAtMs = nowMs + (isTooLittle ? SHORT_PAUSE_MS : 0);
    if (!this.#isPaced) for (const slice of this.#short) this.#replenish(slice);
  }

  #replenish(slice: ShardSlice, grant?: ShardGrant): void {
    if (!this.#waiting?.replenish(slice, grant)) this.#short.delete(slice);
  }

  #sliceOf(record: Addressed): ShardSlice | undefined {
    if (record.explicitHashKey !== undefined) return this.#sliceNamed(this.#options.shards.shardOf(record));
    const known = this.#byKey.get(record.partitionKey);
    if (known) return known;
    const slice = this.#sliceNamed(this.#options.shards.shardOf(record));
    if (!slice) return undefined;
    if (this.#byKey.size >= MAX_KEYS) this.#byKey.clear();
    this.#byKey.set(record.partitionKey, slice);
    return slice;
  }

  #sliceNamed(shardId: string | undefined): ShardSlice | undefined {
    if (shardId === undefined) return undefined;
    const known = this.#slices.get(shardId);
    if (known) return known;
    const { rateLimit } = this.#options;
    const slice = new ShardSlice(shardId, (short) => this.#short.add(short), rateLimit === undefined ? undefined : new RateCap(rateLimit));
    this.#slices.set(shardId, slice);
    return slice;
  }

  #useMap(shards: ShardMap): void {
    this.#byKey.clear();
    const open = new Set(shards.shardIds);
    for (const [shardId, slice] of this.#slices) {
      if (open.has(shardId)) continue;
      this.#slices.delete(shardId);
      this.#throttled.delete(slice);
      this.#replenish(slice);
    }
    this.#waiting?.resume();
  }
}
