import type { ShardQuotas } from '../quotas/shard-quotas.ts';
import type { HashRange } from './hash-range.ts';
import { type MemoryMeter, RecordLog } from './record-log.ts';
import { SequenceNumbers } from './sequence-numbers.ts';
import type { ShardState, TrimmedRecords } from './stored-state.ts';

export interface ShardFacts {
  readonly index: number;
  readonly range: HashRange;
  readonly createdAtMs: number;
  /** Distinct among a shard and its ancestors, and rising; in front of every sequence number. */
  readonly epochSeconds: number;
  readonly parentId?: string | undefined;
  readonly adjacentParentId?: string | undefined;
}

export const shardIdOf = (index: number): string => `shardId-${String(index).padStart(12, '0')}`;

/** One shard: its place in the hash space, its parents, and its records. */
export class Shard {
  readonly id: string;
  readonly facts: ShardFacts;
  readonly numbers: SequenceNumbers;
  readonly log: RecordLog;
  readonly quotas: ShardQuotas;
  /** Ordinal above every record, fixed when the shard is closed; `undefined` while it is open. */
  endOrdinal: number | undefined;
  closedAtMs: number | undefined;
  /** What the memory cap took from this shard, before a restart too. */
  trimmed: TrimmedRecords | undefined;
  readonly #watchers = new Set<() => void>();
  #lastArrivalMs = 0;

  constructor(facts: ShardFacts, quotas: ShardQuotas, meter: MemoryMeter) {
    this.id = shardIdOf(facts.index);
    this.facts = facts;
    this.numbers = new SequenceNumbers(facts.epochSeconds, facts.index);
    this.log = new RecordLog(meter);
    this.quotas = quotas;
  }

  get isOpen(): boolean {
    return this.endOrdinal === undefined;
  }

  get startingSequenceNumber(): string {
    return this.numbers.format(0);
  }

  get endingSequenceNumber(): string | undefined {
    return this.endOrdinal === undefined ? undefined : this.numbers.format(this.endOrdinal);
  }

  /** Stores `payload[start, end)`; answers the new record's ordinal. Arrival times never fall, so that they can be searched. */
  append(partitionKey: string, payload: Buffer, start: number, end: number, nowMs: number): number {
    const ordinal = this.numbers.take();
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, nowMs);
    this.log.append(ordinal, this.#lastArrivalMs, partitionKey, payload, start, end);
    this.#tellWatchers();
    return ordinal;
  }

  /** When the last record arrived; milliseconds since 1970. */
  get lastArrivalMs(): number {
    return this.#lastArrivalMs;
  }

  get state(): ShardState {
    const { endOrdinal, closedAtMs, trimmed } = this;
    return { ...this.facts, endOrdinal, closedAtMs, lastOrdinal: this.numbers.last, trimmed };
  }

  /** Takes over what a journal says of this shard; its records stay, but for those that were trimmed. */
  resume({ endOrdinal, closedAtMs, lastOrdinal, trimmed }: ShardState): void {
    this.endOrdinal = endOrdinal;
    this.closedAtMs = closedAtMs;
    this.trimmed = trimmed;
    if (trimmed) this.log.trimThrough(trimmed.through);
    this.numbers.resumeAbove(lastOrdinal);
  }

  /** Trims the records of the oldest segment for the memory cap; answers how many. The log must not be empty. */
  trimOldest(): number {
    const { count, lastOrdinal } = this.log.dropOldestSegment();
    this.trimmed = { count: (this.trimmed?.count ?? 0) + count, through: lastOrdinal };
    return count;
  }

  /** Stores a record again that had its ordinal and arrival before a restart. */
  restore(ordinal: number, arrivalMs: number, partitionKey: string, payload: Buffer, start: number, end: number): void {
    this.numbers.resumeAbove(ordinal);
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs);
    this.log.append(ordinal, arrivalMs, partitionKey, payload, start, end);
  }

  close(nowMs: number): void {
    this.endOrdinal = this.numbers.take();
    this.closedAtMs = nowMs;
    this.#tellWatchers();
  }

  /** Calls `onChange` after each record that is stored, and when the shard is closed; answers the way to stop that. */
  watch(onChange: () => void): () => void {
    this.#watchers.add(onChange);
    return () => void this.#watchers.delete(onChange);
  }

  #tellWatchers(): void {
    for (const onChange of this.#watchers) onChange();
  }
}
