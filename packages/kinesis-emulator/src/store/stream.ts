import type { Clock } from '@sluice/core';
import { Consumers } from '../fan-out/consumers.ts';
import { DEFAULT_MAX_RECORD_KIB, MIN_RETENTION_HOURS } from '../limits.ts';
import type { ShardQuotas } from '../quotas/shard-quotas.ts';
import { resourceInUse } from '../service-error.ts';
import { evenStarts, type HashKey, type HashRange, rangesFrom } from './hash-range.ts';
import type { MemoryMeter } from './record-log.ts';
import { Shard, shardIdOf } from './shard.ts';
import type { StreamMode, StreamState } from './stored-state.ts';

export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING';

/** What every stream of an emulator shares. */
export interface StreamSurroundings {
  readonly clock: Clock;
  readonly meter: MemoryMeter;
  readonly createQuotas: () => ShardQuotas;
  /** Told of each change that took effect. */
  readonly onChange: (stream: Stream) => void;
  /** How long a stream stays CREATING, UPDATING or DELETING. */
  readonly stateDelayMs: number;
}

export interface StreamFacts {
  readonly name: string;
  readonly arn: string;
  readonly mode: StreamMode;
  readonly createdAtMs: number;
  readonly maxRecordKiB?: number | undefined;
}

const HOUR_MS = 3_600_000;

const byRange = (left: Shard, right: Shard): number => (left.facts.range.start < right.facts.range.start ? -1 : 1);

/** A stream and all its shards that still matter: open ones, and closed ones whose records are within the retention period. */
export class Stream {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly consumers: Consumers;
  mode: StreamMode;
  maxRecordKiB: number;
  retentionHours = MIN_RETENTION_HOURS;
  readonly #surroundings: StreamSurroundings;
  /** In order of their ids. */
  #shards: Shard[] = [];
  /** In order of their hash ranges. */
  #open: Shard[] = [];
  #shardsEver = 0;
  /** A change under way; it takes effect when the stream is next looked at after `dueMs`. */
  #pending: { readonly status: StreamStatus; readonly dueMs: number; readonly apply: () => void } | undefined;

  /** A stream without shards; {@link create} or {@link restore} gives it some. */
  constructor(facts: StreamFacts, surroundings: StreamSurroundings) {
    this.name = facts.name;
    this.arn = facts.arn;
    this.mode = facts.mode;
    this.maxRecordKiB = facts.maxRecordKiB ?? DEFAULT_MAX_RECORD_KIB;
    this.createdAtMs = facts.createdAtMs;
    this.#surroundings = surroundings;
    const { clock, stateDelayMs } = surroundings;
    this.consumers = new Consumers({ streamArn: facts.arn, clock, stateDelayMs });
  }

  /** Opens the first shards, which share the hash space evenly. */
  create(shardCount: number): void {
    for (const range of rangesFrom(evenStarts(shardCount))) this.#add(range, [], this.createdAtMs);
    this.change('CREATING', () => undefined);
  }

  get state(): StreamState {
    const { name, mode, createdAtMs, maxRecordKiB, retentionHours } = this;
    return {
      name,
      mode,
      createdAtMs,
      maxRecordKiB,
      retentionHours,
      shardsEver: this.#shardsEver,
      shards: this.#shards.map((shard) => shard.state),
      consumers: this.consumers.state,
    };
  }

  /** Takes over what a journal says of this stream; the records of shards that it has already stay. */
  restore({ mode, maxRecordKiB, retentionHours, shardsEver, shards, consumers = [] }: StreamState): void {
    const { createQuotas, meter } = this.#surroundings;
    this.mode = mode;
    this.maxRecordKiB = maxRecordKiB;
    this.retentionHours = retentionHours;
    this.#shardsEver = shardsEver;
    this.#shards = shards.map((state) => {
      const shard = this.shardAt(state.index) ?? new Shard(state, createQuotas(), meter);
      shard.resume(state);
      return shard;
    });
    this.#open = this.#shards.filter(({ isOpen }) => isOpen).sort(byRange);
    this.consumers.restore(consumers);
  }

  get status(): StreamStatus {
    return this.#pending?.status ?? 'ACTIVE';
  }

  get shards(): readonly Shard[] {
    return this.#shards;
  }

  get openShards(): readonly Shard[] {
    return this.#open;
  }

  get trimHorizonMs(): number {
    return Math.max(this.createdAtMs, this.#surroundings.clock.now() - this.retentionHours * HOUR_MS);
  }

  /** How many records the memory cap took from the shards that there still are. */
  get trimmedRecords(): number {
    return this.#shards.reduce((sum, { trimmed }) => sum + (trimmed?.count ?? 0), 0);
  }

  shard(id: string): Shard | undefined {
    return this.#shards.find((shard) => shard.id === id);
  }

  shardAt(index: number): Shard | undefined {
    return this.shard(shardIdOf(index));
  }

  childrenOf(id: string): Shard[] {
    return this.#shards.filter(({ facts }) => facts.parentId === id || facts.adjacentParentId === id);
  }

  /** The open shard in whose range `key` lies. */
  route(key: HashKey): Shard {
    let low = 0;
    let high = this.#open.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#open[middle]!.facts.range.end < key) low = middle + 1;
      else high = middle;
    }
    return this.#open[low]!;
  }

  /** Throws a `ResourceInUseException` unless the stream may be changed. */
  assertActive(account: string): void {
    if (this.status === 'ACTIVE') return;
    throw resourceInUse(`Stream ${this.name} under account ${account} not ACTIVE, instead in state ${this.status}`);
  }

  /** Shows `status` for the configured delay, then applies the change. */
  change(status: StreamStatus, apply: () => void): void {
    const { clock, stateDelayMs } = this.#surroundings;
    this.#pending = { status, dueMs: clock.monotonic() + stateDelayMs, apply };
    this.settle();
  }

  /** Applies a change that is due and forgets what left the retention period. Called before every look at the stream. */
  settle(): void {
    const { clock } = this.#surroundings;
    if (this.#pending && clock.monotonic() >= this.#pending.dueMs) {
      const { apply } = this.#pending;
      this.#pending = undefined;
      apply();
      this.#surroundings.onChange(this);
    }
    const horizon = this.trimHorizonMs;
    let expired = false;
    for (const shard of this.#shards) {
      shard.log.trimBefore(horizon);
      expired ||= shard.closedAtMs !== undefined && shard.closedAtMs < horizon;
    }
    if (expired) this.#shards = this.#shards.filter(({ closedAtMs }) => closedAtMs === undefined || closedAtMs >= horizon);
  }

  /** Closes `parents` and opens one child of theirs for each range. */
  replace(parents: readonly Shard[], ranges: readonly HashRange[]): Shard[] {
    const now = this.#surroundings.clock.now();
    for (const parent of parents) parent.close(now);
    this.#open = this.#open.filter((shard) => shard.isOpen);
    return ranges.map((range) => this.#add(range, parents, now));
  }

  clear(): void {
    for (const shard of this.#shards) shard.log.clear();
    this.consumers.clear();
  }

  #add(range: HashRange, parents: readonly Shard[], nowMs: number): Shard {
    const facts = {
      index: this.#shardsEver++,
      range,
      createdAtMs: nowMs,
      epochSeconds: Math.max(Math.floor(nowMs / 1000), ...parents.map((parent) => parent.facts.epochSeconds + 1)),
      parentId: parents[0]?.id,
      adjacentParentId: parents[1]?.id,
    };
    const shard = new Shard(facts, this.#surroundings.createQuotas(), this.#surroundings.meter);
    this.#shards.push(shard);
    this.#open.push(shard);
    this.#open.sort(byRange);
    return shard;
  }
}
