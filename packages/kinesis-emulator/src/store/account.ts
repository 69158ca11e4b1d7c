import { type Clock, type Logger, silentLogger, systemClock } from '@sluice/core';
import { MIB, ON_DEMAND_GROWTH_MS } from '../limits.ts';
import { serviceQuotas, unlimitedQuotas } from '../quotas/shard-quotas.ts';
import { resourceInUse, resourceNotFound } from '../service-error.ts';
import type { Journal, JournalRecord } from './journal.ts';
import { OnDemandGrowth } from './on-demand-growth.ts';
import type { MemoryMeter } from './record-log.ts';
import type { Shard } from './shard.ts';
import type { StreamMode, StreamState } from './stored-state.ts';
import { Stream, type StreamFacts, type StreamSurroundings } from './stream.ts';

export interface AccountOptions {
  /** @default 'us-east-1' */
  readonly region?: string;
  /** Twelve digits. @default '000000000000' */
  readonly accountId?: string;
  /** The quotas of each shard: 1000 records/s and 1 MiB/s in, 5 calls/s and 2 MiB/s out. @default true */
  readonly quotas?: boolean;
  /** How long a stream stays CREATING, UPDATING or DELETING, in milliseconds. @default 0 */
  readonly stateDelayMs?: number;
  /** A stream in on-demand mode doubles its shards at most once in so many milliseconds. @default 900000 */
  readonly onDemandGrowthMs?: number;
  /** Memory for records, in bytes; above it the oldest are trimmed, which is logged. @default 1 GiB */
  readonly memoryCapBytes?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** All streams of one account in one region, in memory. Pure: no I/O, and time comes from the clock it was given. */
export class Account {
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  readonly onDemandGrowth: OnDemandGrowth;
  readonly #logger: Logger;
  readonly #memoryCapBytes: number;
  readonly #meter: MemoryMeter = { heldBytes: 0 };
  readonly #streams = new Map<string, Stream>();
  readonly #surroundings: StreamSurroundings;
  #journal: Journal | undefined;

  constructor(options: AccountOptions = {}) {
    this.region = options.region ?? 'us-east-1';
    this.accountId = options.accountId ?? '000000000000';
    this.clock = options.clock ?? systemClock;
    this.onDemandGrowth = new OnDemandGrowth(this.clock, options.onDemandGrowthMs ?? ON_DEMAND_GROWTH_MS);
    this.#logger = options.logger ?? silentLogger;
    this.#memoryCapBytes = options.memoryCapBytes ?? 1024 * MIB;
    const { clock } = this;
    const createQuotas = (options.quotas ?? true) ? () => serviceQuotas(clock) : () => unlimitedQuotas;
    this.#surroundings = {
      clock,
      meter: this.#meter,
      createQuotas,
      stateDelayMs: options.stateDelayMs ?? 0,
      onChange: (stream) => this.changed(stream),
    };
  }

  get heldBytes(): number {
    return this.#meter.heldBytes;
  }

  arnOf(name: string): string {
    return `arn:aws:kinesis:${this.region}:${this.accountId}:stream/${name}`;
  }

  /** Every stream, in order of name. */
  streams(): Stream[] {
    for (const stream of this.#streams.values()) stream.settle();
    return [...this.#streams.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  createStream(facts: { name: string; shardCount: number; mode?: StreamMode; maxRecordKiB?: number | undefined }): Stream {
    this.#streams.get(facts.name)?.settle();
    if (this.#streams.has(facts.name)) throw resourceInUse(`Stream ${facts.name} under account ${this.accountId} already exists.`);
    const { name, shardCount, mode = 'PROVISIONED', maxRecordKiB } = facts;
    const stream = this.#add({ name, mode, maxRecordKiB, createdAtMs: this.clock.now() });
    stream.create(shardCount);
    this.changed(stream);
    return stream;
  }

  deleteStream(stream: Stream): void {
    stream.change('DELETING', () => {
      this.forget(stream.name);
      this.#journal?.deleted(stream.name);
    });
  }

  /** From now on `journal` gets every change and every record. */
  keepIn(journal: Journal): void {
    this.#journal = journal;
  }

  get isKept(): boolean {
    return this.#journal !== undefined;
  }

  /** Passes records of one request on to the journal. */
  stored(stream: Stream, records: readonly JournalRecord[]): void {
    if (records.length > 0) this.#journal?.stored(stream.name, records);
  }

  /** The stream becomes what a journal says of it, and is made where there is none. */
  restore(state: StreamState): void {
    const stream = this.#streams.get(state.name) ?? this.#add(state);
    stream.restore(state);
  }

  /** Drops a stream with its records. */
  forget(name: string): void {
    this.#streams.get(name)?.clear();
    this.#streams.delete(name);
  }

  #add(facts: Omit<StreamFacts, 'arn'>): Stream {
    const stream = new Stream({ ...facts, arn: this.arnOf(facts.name) }, this.#surroundings);
    this.#streams.set(stream.name, stream);
    return stream;
  }

  /** Passes a change on to the journal. A stream that was just deleted changes no more. */
  changed(stream: Stream): void {
    if (this.#streams.get(stream.name) === stream) this.#journal?.changed(stream);
  }

  /** The stream in its present state. Throws a `ResourceNotFoundException` where there is none. */
  stream(name: string): Stream {
    this.#streams.get(name)?.settle();
    const stream = this.#streams.get(name);
    if (!stream) throw resourceNotFound(`Stream ${name} under account ${this.accountId} not found.`);
    return stream;
  }

  /**
   * Trims the oldest records of whichever shard holds them, until the memory cap is kept; the journal notes it, so that a
   * restart brings back exactly the others. Segments still being filled stay.
   */
  enforceMemoryCap(): void {
    const trimmed = new Set<Stream>();
    while (this.#meter.heldBytes > this.#memoryCapBytes) {
      const oldest = this.#oldestDroppable();
      if (!oldest) break;
      const { stream, shard } = oldest;
      const records = shard.trimOldest();
      trimmed.add(stream);
      this.#logger.warn('memory cap reached, oldest records trimmed', {
        stream: stream.name,
        shard: shard.id,
        records,
        throughSequenceNumber: shard.numbers.format(shard.trimmed!.through),
        memoryCapBytes: this.#memoryCapBytes,
      });
    }
    for (const stream of trimmed) this.changed(stream);
  }

  #oldestDroppable(): { stream: Stream; shard: Shard } | undefined {
    let found: { stream: Stream; shard: Shard } | undefined;
    for (const stream of this.#streams.values()) {
      for (const shard of stream.shards) {
        const isDroppable = shard.log.segments > (shard.isOpen ? 1 : 0);
        if (isDroppable && (!found || shard.log.oldestArrivalMs! < found.shard.log.oldestArrivalMs!)) found = { stream, shard };
      }
    }
    return found;
  }
}
