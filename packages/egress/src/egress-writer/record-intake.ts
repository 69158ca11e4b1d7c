/**
 * The way of records from their lanes to the scheduler: processors over each record or input batch, the batch policy, processors over each
 * batch, keys, off-loading of what is too large. What waits here is what the policy holds back, what processors wait for, and what is being
 * stored elsewhere. Records of a line are processed one after the other, and so are batches, so that a line keeps its order.
 */
import { Batcher, type BatchPolicy } from '@sluice/batcher';
import type { ProcessorChain } from '@sluice/processors';
import type { WriterEvent } from '@sluice/telemetry';
import { laneLines, toInputBatches } from './input-batches.ts';
import { involves, type LaneHold } from './lane-hold.ts';
import { ProcessingLines } from './processing-lines.ts';
import { type EncodingRules, encodeBatch, encodeSingles, type KeyRules } from './record-encoder.ts';
import type { RecordInHand } from './record-in-hand.ts';
import type { RecordLimit } from './record-limit.ts';
import type { RecordOffload } from './record-offload.ts';
import { type Processing, RecordProcessing } from './record-processing.ts';
import type { Ordering } from './record-scheduler.ts';
import { ALL_LINES, sourceLineOf } from './source-lines.ts';

export interface RecordIntakeSettings {
  readonly ordering: Ordering;
  /** `undefined`: each record is a batch by itself. */
  readonly batching: BatchPolicy<RecordInHand> | undefined;
  readonly processing: Processing | undefined;
  /** Whether what a lane has of an input batch is processed as a whole, and its keys are evaluated over it. @default false */
  readonly takesBatches?: boolean;
  readonly keys: KeyRules;
}

export interface RecordIntakePorts {
  /** Of records that are too large for the stream; `undefined`: they are rejected. */
  readonly offload?: RecordOffload | undefined;
  readonly nowMs: () => number;
  /** The stream's. */
  readonly limit: RecordLimit;
  readonly emit: (event: WriterEvent) => void;
  /** Records that are ready to be sent after a wait. */
  readonly onReady: (records: Records) => void;
  /** A bug. */
  readonly onFailed: (error: unknown) => void;
}

type Records = readonly RecordInHand[];
type FlushMechanism = 'shutdown' | 'memory';

/** Records of different lines that wait for their processors at once. */
const RECORDS_AT_ONCE = 64;
/** Records off-loaded at once; the data of each are in memory twice. */
const OFFLOADS_AT_ONCE = 4;
const NO_LIMIT = { bytes: Number.POSITIVE_INFINITY, isInDoubt: () => false };

export class RecordIntake {
  readonly #takesBatches: boolean;
  readonly #lineOf: (record: RecordInHand) => string;
  /** What is processed at once. */
  readonly #unitsOf: (records: Records) => readonly Records[];
  /** Sets the keys of what was processed at once, where no policy batches it. */
  readonly #encodeUnit: (records: Records) => Records;
  readonly #encoding: EncodingRules;
  readonly #batcher: Batcher<RecordInHand> | undefined;
  readonly #records: ProcessingLines | undefined;
  readonly #batches: ProcessingLines | undefined;
  readonly #offload: RecordOffload | undefined;
  readonly #offloads: ProcessingLines | undefined;
  readonly #refusesFailed: boolean;
  readonly #ports: RecordIntakePorts;
  /** Set while records are processed that are to leave with an incomplete batch. */
  #flushingLate: FlushMechanism | undefined;

  constructor({ ordering, batching, processing, takesBatches = false, keys }: RecordIntakeSettings, ports: RecordIntakePorts) {
    this.#takesBatches = takesBatches;
    this.#lineOf = takesBatches ? laneLines(ordering) : sourceLineOf(ordering);
    this.#unitsOf = takesBatches ? toInputBatches : (records) => records.map((record) => [record]);
    const { records, batches, refusesFailed = false } = processing ?? {};
    const { offload, limit, onFailed } = ports;
    this.#offload = offload;
    // What is too large is off-loaded, and so is never refused for it.
    const encoding = { ...keys, limit: offload ? NO_LIMIT : limit };
    this.#encoding = encoding;
    this.#encodeUnit = takesBatches ? (made) => encodeBatch(made, encoding) : (made) => encodeSingles(made, encoding);
    this.#refusesFailed = refusesFailed;
    this.#ports = ports;
    this.#offloads = offload && new ProcessingLines({ processing: offload, atOnce: OFFLOADS_AT_ONCE, onDone: ports.onReady, onFailed });
    this.#records = records && this.#linesOf(records, RECORDS_AT_ONCE, (made) => this.#takeLate(made));
    this.#batches = batches && this.#linesOf(batches, 1, (made) => encodeBatch(made, encoding));
    this.#batcher = batching && new Batcher(batching, { nowMs: ports.nowMs(), onCheckError: (error) => this.#reportCheckError(error) });
  }

  get isEmpty(): boolean {
    return !this.#batcher?.count && [this.#records, this.#batches, this.#offloads].every((lines) => lines?.isIdle !== false);
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
    if (!batcher) return this.#offloadLarge(this.#encoded(records));
    const leaving: RecordInHand[] = [];
    for (const unit of this.#unitsOf(records)) {
      for (const item of this.#processed(unit)) batcher.add(item, item.data.byteLength, nowMs);
      if (batcher.isDue(nowMs)) leaving.push(...this.#takeBatch(nowMs));
    }
    return this.#offloadLarge(leaving);
  }

  /**
   * Lets go of the batch, complete or not. What is being processed then leaves without waiting for others: at a shutdown record by record,
   * else with the last.
   */
  flush(nowMs: number, mechanism?: FlushMechanism): Records {
    if (mechanism !== undefined && this.#records?.isIdle === false) this.#flushingLate = mechanism;
    return this.#offloadLarge(this.#takeBatch(nowMs, mechanism));
  }

  /** Forgets what waits of a lane. */
  withdraw(lane: LaneHold): void {
    this.#batcher?.remove(({ owner }) => involves(owner, lane));
    this.#records?.withdraw(lane);
    this.#batches?.withdraw(lane);
    this.#offloads?.withdraw(lane);
  }

  /** Gives up all processing. */
  stop(): void {
    this.#records?.stop();
    this.#batches?.stop();
    this.#offloads?.stop();
  }

  #linesOf(chain: ProcessorChain, atOnce: number, encode: (made: Records) => Records): ProcessingLines {
    const { emit, onReady, onFailed } = this.#ports;
    return new ProcessingLines({
      processing: new RecordProcessing(chain, this.#refusesFailed, emit),
      atOnce,
      onDone: (made) => onReady(this.#offloadLarge(encode(made))),
      onFailed,
    });
  }

  #takeLate(made: Records): Records {
    const batcher = this.#batcher;
    if (!batcher) return this.#encodeUnit(made);
    const nowMs = this.#ports.nowMs();
    for (const item of made) batcher.add(item, item.data.byteLength, nowMs);
    const mechanism = this.#flushingLate;
    const isLast = this.#records!.isIdle;
    if (isLast) this.#flushingLate = undefined;
    if (mechanism === 'shutdown' || (mechanism !== undefined && isLast)) return this.#takeBatch(nowMs, mechanism);
    return batcher.isDue(nowMs) ? this.#takeBatch(nowMs) : [];
  }

  #takeBatch(nowMs: number, mechanism?: FlushMechanism): Records {
    const batch = this.#batcher?.flush(nowMs);
    if (!batch) return [];
    this.#ports.emit({ type: 'batch.flushed', mechanism: mechanism ?? batch.reason ?? 'period' });
    return encodeBatch(this.#batches ? this.#batches.run(ALL_LINES, batch.items) : batch.items, this.#encoding);
  }

  /** Of an egress that neither processes records nor takes batches, all at once: most are such. */
  #encoded(records: Records): Records {
    if (!this.#records && !this.#takesBatches) return encodeSingles(records, this.#encoding);
    return this.#unitsOf(records).flatMap((unit) => this.#encodeUnit(this.#processed(unit)));
  }

  #processed(unit: Records): Records {
    return this.#records ? this.#records.run(this.#lineOf(unit[0]!), unit) : unit;
  }

  #offloadLarge(records: Records): Records {
    const [offload, offloads] = [this.#offload, this.#offloads];
    if (!offload || !offloads) return records;
    const lineOfMessage = this.#batches ? () => ALL_LINES : this.#lineOf;
    return records.flatMap((record) => {
      const line = lineOfMessage(record);
      return offload.fits(record) && !offloads.isBusy(line) ? [record] : offloads.run(line, [record]);
    });
  }

  #reportCheckError(error: unknown): void {
    this.#ports.emit({ type: 'check.failed', reason: error instanceof Error ? error.message : String(error) });
  }
}
