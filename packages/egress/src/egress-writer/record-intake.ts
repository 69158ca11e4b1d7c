/**
 * The way of records from their lanes to the scheduler: processors over each record, the batch policy, processors over each batch, keys,
 * aggregation. Nothing waits here but what the policy holds back.
 */
import { Batcher, type BatchPolicy } from '@sluice/batcher';
import type { WriterEvent } from '@sluice/telemetry';
import { involves, type LaneHold } from './lane-hold.ts';
import { type AggregationRules, RecordAggregation } from './record-aggregation.ts';
import { encodeBatch, encodeSingles, type KeyRules } from './record-encoder.ts';
import type { RecordInHand } from './record-in-hand.ts';
import { type Processing, RecordProcessing } from './record-processing.ts';

export interface RecordIntakeSettings {
  /** `undefined`: each record is a batch by itself. */
  readonly batching: BatchPolicy<RecordInHand> | undefined;
  readonly processing: Processing | undefined;
  readonly keys: KeyRules;
  /** `undefined`: each record is one for Kinesis too. */
  readonly aggregation: AggregationRules | undefined;
}

type Records = readonly RecordInHand[];

export class RecordIntake {
  readonly #keys: KeyRules;
  readonly #batcher: Batcher<RecordInHand> | undefined;
  readonly #records: RecordProcessing | undefined;
  readonly #batches: RecordProcessing | undefined;
  readonly #aggregation: RecordAggregation | undefined;
  readonly #emit: (event: WriterEvent) => void;

  constructor({ batching, processing, keys, aggregation }: RecordIntakeSettings, nowMs: number, emit: (event: WriterEvent) => void) {
    const { records, batches, refusesFailed = false } = processing ?? {};
    this.#keys = keys;
    this.#records = records && new RecordProcessing(records, refusesFailed, emit);
    this.#batches = batches && new RecordProcessing(batches, refusesFailed, emit);
    this.#batcher = batching && new Batcher(batching, { nowMs, onCheckError: (error) => this.#reportCheckError(error) });
    this.#aggregation = aggregation && new RecordAggregation(aggregation, keys.maxRecordBytes);
    this.#emit = emit;
  }

  get isEmpty(): boolean {
    return !this.#batcher?.count;
  }

  /** When an incomplete batch must leave, or infinity. */
  get wakesAtMs(): number {
    return (this.#batcher?.count && this.#batcher.deadline()) || Number.POSITIVE_INFINITY;
  }

  isDue(nowMs: number): boolean {
    return this.#batcher?.isDue(nowMs) ?? false;
  }

  /** Takes records over, in their order, and answers those that leave at once, ready to be sent. */
  accept(records: Records, nowMs: number): Records {
    const batcher = this.#batcher;
    if (!batcher) return this.#pack(encodeSingles(this.#processed(records), this.#keys));
    const leaving: RecordInHand[] = [];
    for (const record of records) {
      if (!this.#records) batcher.add(record, record.data.byteLength, nowMs);
      else for (const item of this.#records.run([record])) batcher.add(item, item.data.byteLength, nowMs);
      if (batcher.isDue(nowMs)) leaving.push(...this.#takeBatch(nowMs));
    }
    return this.#pack(leaving);
  }

  /** Lets go of the batch, complete or not. */
  flush(nowMs: number, mechanism?: 'shutdown' | 'memory'): Records {
    return this.#pack(this.#takeBatch(nowMs, mechanism));
  }

  /** Forgets what waits of a lane. */
  withdraw(lane: LaneHold): void {
    this.#batcher?.remove(({ owner }) => involves(owner, lane));
  }

  #takeBatch(nowMs: number, mechanism?: 'shutdown' | 'memory'): Records {
    const batch = this.#batcher?.flush(nowMs);
    if (!batch) return [];
    this.#emit({ type: 'batch.flushed', mechanism: mechanism ?? batch.reason ?? 'period' });
    return encodeBatch(this.#batches ? this.#batches.run(batch.items) : batch.items, this.#keys);
  }

  #processed(records: Records): Records {
    const processing = this.#records;
    return processing ? records.flatMap((record) => processing.run([record])) : records;
  }

  #pack(records: Records): Records {
    return this.#aggregation?.run(records) ?? records;
  }

  #reportCheckError(error: unknown): void {
    this.#emit({ type: 'check.failed', reason: error instanceof Error ? error.message : String(error) });
  }
}
