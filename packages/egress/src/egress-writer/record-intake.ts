/**
 * The way of records from their lanes into batches: processors over each record, the batch policy, processors over each batch. Nothing
 * waits here but what the policy holds back.
 */
import { Batcher, type BatchPolicy } from '@sluice/batcher';
import type { WriterEvent } from '@sluice/telemetry';
import { involves } from './joint-hold.ts';
import type { LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';
import { type Processing, RecordProcessing } from './record-processing.ts';

export interface RecordIntakeSettings {
  /** `undefined`: records leave as they come. */
  readonly batching: BatchPolicy<RecordInHand> | undefined;
  readonly processing: Processing | undefined;
}

type Batch = readonly RecordInHand[];

export class RecordIntake {
  readonly #batcher: Batcher<RecordInHand> | undefined;
  readonly #records: RecordProcessing | undefined;
  readonly #batches: RecordProcessing | undefined;
  readonly #emit: (event: WriterEvent) => void;

  constructor({ batching, processing }: RecordIntakeSettings, nowMs: number, emit: (event: WriterEvent) => void) {
    const { records, batches, refusesFailed = false } = processing ?? {};
    this.#records = records && new RecordProcessing(records, refusesFailed, emit);
    this.#batches = batches && new RecordProcessing(batches, refusesFailed, emit);
    this.#batcher = batching && new Batcher(batching, { nowMs, onCheckError: (error) => this.#reportCheckError(error) });
    this.#emit = emit;
  }

  get isEmpty(): boolean {
    return !this.#batcher?.count;
  }

  /** When an incomplete batch must leave, or infinity. */
  get wakesAtMs(): number {
    return (this.#batcher?.count && this.#batcher.deadline()) || Number.POSITIVE_INFINITY;
  }

  /**
   * Takes records over and answers the batches that leave at once. What comes in one call leaves in one batch, unless a batch is more than
   * a way to send: processors find in it as many records as the policy says.
   */
  accept(records: readonly RecordInHand[], nowMs: number): readonly Batch[] {
    const batcher = this.#batcher;
    if (!batcher) return [this.#records ? records.flatMap((record) => this.#processed(record)) : records];
    const leaving: Batch[] = [];
    for (const record of records) {
      for (const item of this.#processed(record)) batcher.add(item, item.data.byteLength, nowMs);
      if (this.#batches && batcher.isDue(nowMs)) leaving.push(this.flush(nowMs));
    }
    if (batcher.isDue(nowMs)) leaving.push(this.flush(nowMs));
    return leaving;
  }

  isDue(nowMs: number): boolean {
    return this.#batcher?.isDue(nowMs) ?? false;
  }

  /** Lets go of the batch, complete or not. */
  flush(nowMs: number, mechanism?: 'shutdown' | 'memory'): Batch {
    const batch = this.#batcher?.flush(nowMs);
    if (!batch) return [];
    this.#emit({ type: 'batch.flushed', mechanism: mechanism ?? batch.reason ?? 'period' });
    return this.#batches ? this.#batches.run(batch.items) : batch.items;
  }

  /** Forgets what waits of a hold. */
  withdraw(hold: LaneHold): void {
    this.#batcher?.remove(({ owner }) => involves(owner, hold));
  }

  #processed(record: RecordInHand): Batch {
    return this.#records ? this.#records.run([record]) : [record];
  }

  #reportCheckError(error: unknown): void {
    this.#emit({ type: 'check.failed', reason: error instanceof Error ? error.message : String(error) });
  }
}
