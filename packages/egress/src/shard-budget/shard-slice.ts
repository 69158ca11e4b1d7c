import { WRITE_BYTES_PER_SECOND, WRITE_RECORDS_PER_SECOND } from '@sluice/kinesis';
import type { ShardDemand, ShardGrant } from './budget-ledger.ts';
import type { Outlet } from './outlet.ts';
import type { RateCap } from './rate-cap.ts';

/** What is asked for at first, and at most. */
const FIRST = { records: 10, bytes: 16 * 1024 };
const MOST = { records: WRITE_RECORDS_PER_SECOND / 4, bytes: WRITE_BYTES_PER_SECOND / 4 };
/** How long a slice may be used. What is used later would come beside what others borrow meanwhile. */
const SLICE_MS = 250;
/** How long a shard is likely to throttle again. */
const RISKY_MS = 2_000;

/** What a writer may send to one shard for now. Asks for twice what it used of the last slice, so that little is borrowed in vain. */
export class ShardSlice implements Outlet {
  readonly shardId: string;
  readonly #onShort: (slice: ShardSlice) => void;
  readonly #cap: RateCap | undefined;
  #left = { records: 0, bytes: 0 };
  #used = { records: 0, bytes: 0 };
  #endsMs = Number.NEGATIVE_INFINITY;
  #leastBytes = 0;
  #riskyUntilMs = Number.NEGATIVE_INFINITY;
  /** Since the ledger was told last. */
  #answers = { taken: 0, throttled: 0, throttledBytes: 0 };

  /** @param onShort called when a record finds too little, each time @param cap of the writer, whatever the shard has room for */
  constructor(shardId: string, onShort: (slice: ShardSlice) => void, cap?: RateCap) {
    this.shardId = shardId;
    this.#cap = cap;
    this.#onShort = onShort;
  }

  take(byteSize: number, nowMs: number, records: 0 | 1 = 1): boolean {
    const isLeft = nowMs < this.#endsMs && this.#left.records >= records && this.#left.bytes >= byteSize;
    if (!isLeft || this.#cap?.take(records, byteSize, nowMs) === false) {
      this.#leastBytes = Math.max(this.#leastBytes, byteSize);
      this.#onShort(this);
      return false;
    }
    this.#left.records -= records;
    this.#left.bytes -= byteSize;
    this.#used.records += records;
    this.#used.bytes += byteSize;
    return true;
  }

  isRisky(nowMs: number): boolean {
    return nowMs < this.#riskyUntilMs;
  }

  /** Until when what is left of it may be used; in the past where that is too little for the first record that waits. */
  lastsUntilMs(nowMs: number): number {
    const isSpent = this.#left.records < 1 || this.#left.bytes < this.#leastBytes;
    return isSpent ? nowMs : this.#endsMs;
  }

  /** Gives back what is left of it. @param isWanted whether records wait for more */
  demand(isWanted: boolean): ShardDemand {
    const demand = {
      ...{ shardId: this.shardId, leastBytes: this.#leastBytes, unused: this.#left, answers: this.#answers },
      records: isWanted ? clamp(2 * this.#used.records, FIRST.records, MOST.records) : 0,
      bytes: isWanted ? Math.max(this.#leastBytes, clamp(2 * this.#used.bytes, FIRST.bytes, MOST.bytes)) : 0,
    };
    this.#left = { records: 0, bytes: 0 };
    this.#used = { records: 0, bytes: 0 };
    this.#answers = { taken: 0, throttled: 0, throttledBytes: 0 };
    return demand;
  }

  /** The ledger did not learn what a demand told. Answers whether it told that the shard throttled. */
  notTold({ answers }: ShardDemand): boolean {
    this.#answers.taken += answers.taken;
    this.#answers.throttled += answers.throttled;
    this.#answers.throttledBytes += answers.throttledBytes;
    return answers.throttled > 0;
  }

  grant({ records, bytes, riskyMs }: ShardGrant, nowMs: number): void {
    this.#left = { records, bytes };
    this.#endsMs = nowMs + SLICE_MS;
    this.#riskyUntilMs = Math.max(this.#riskyUntilMs, nowMs + riskyMs);
    if (records > 0) this.#leastBytes = 0;
  }

  /** It took a record in, or failed to for another reason than its quota. */
  took(): void {
    this.#answers.taken++;
  }

  throttled(byteSize: number, nowMs: number): void {
    this.#answers.throttled++;
    this.#answers.throttledBytes += byteSize;
    this.#riskyUntilMs = nowMs + RISKY_MS;
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
