/**
 * Runs processors over batches of records in hand and keeps the account: a record that comes to nothing counts as written, any other one
 * waits for all messages that stand for it.
 */
import type { ProcessedMessage, ProcessorChain } from '@sluice/processors';
import type { WriterEvent } from '@sluice/telemetry';
import { ProcessingFailedError } from '../errors.ts';
import { JointHold, lanesOf } from './joint-hold.ts';
import type { LaneHold } from './lane-hold.ts';
import { MessageInHand, SourceRecord } from './message-in-hand.ts';
import type { RecordInHand } from './record-in-hand.ts';

export interface Processing {
  /** For each record by itself, before batches are formed. */
  readonly records: ProcessorChain | undefined;
  /** For each batch that leaves. */
  readonly batches: ProcessorChain | undefined;
  /** Whether a record whose processing failed is rejected; else it is written as it is. */
  readonly refusesFailed: boolean;
}

export class RecordProcessing {
  readonly #chain: ProcessorChain;
  readonly #refusesFailed: boolean;
  readonly #emit: (event: WriterEvent) => void;
  readonly #singles = new WeakMap<LaneHold, JointHold>();

  constructor(chain: ProcessorChain, refusesFailed: boolean, emit: (event: WriterEvent) => void) {
    this.#chain = chain;
    this.#refusesFailed = refusesFailed;
    this.#emit = emit;
  }

  /** The messages that a batch becomes. Records of lanes that are no longer open are left out: their lanes hand them back. */
  run(batch: readonly RecordInHand[]): MessageInHand[] {
    const records = batch.filter(({ owner }) => owner.isOpen);
    const processed = this.#chain.run(records);
    this.#reportFailures(records, processed);
    const owners = new OwnersOfBatch(this.#singles);
    const messageCounts = new Uint32Array(records.length);
    for (const { sources } of processed) for (const index of sources) messageCounts[index]!++;
    this.#resolveFiltered(records.filter((_, index) => messageCounts[index] === 0));
    const sources = records.map((record, index) => new SourceRecord(record, messageCounts[index]!));
    return processed
      .map(({ message, sources: indexes }) => {
        const own = indexes.map((index) => sources[index]!);
        return new MessageInHand(message, own, owners.ownerOf(own));
      })
      .filter((message) => !this.#isRefused(message));
  }

  #resolveFiltered(records: readonly RecordInHand[]): void {
    if (records.length > 0) this.#emit({ type: 'records.filtered', records: records.length });
    for (const record of records) record.owner.delivered(record);
  }

  #isRefused(message: MessageInHand): boolean {
    if (!this.#refusesFailed || !message.failure) return false;
    message.settle(new ProcessingFailedError(message.failure));
    return true;
  }

  /** Each failure once, also where the message passes through several chains. */
  #reportFailures(records: readonly RecordInHand[], processed: readonly ProcessedMessage[]): void {
    const known = new Set(records.map((record) => (record instanceof MessageInHand ? record.failure : undefined)));
    for (const { message } of processed) {
      const { failure } = message;
      if (!failure || known.has(failure)) continue;
      this.#emit({ type: 'processing.failed', processor: failure.path ?? '', reason: failure.message });
    }
  }
}

/** One owner for all messages of a batch that stand for records of the same lanes. */
class OwnersOfBatch {
  readonly #singles: WeakMap<LaneHold, JointHold>;
  readonly #places = new Map<LaneHold, number>();
  readonly #joint = new Map<string, JointHold>();

  constructor(singles: WeakMap<LaneHold, JointHold>) {
    this.#singles = singles;
  }

  ownerOf(sources: readonly SourceRecord[]): JointHold {
    const holds = [...new Set(sources.flatMap(({ record }) => lanesOf(record.owner)))];
    return holds.length === 1 ? this.#single(holds[0]!) : this.#together(holds);
  }

  #single(hold: LaneHold): JointHold {
    const known = this.#singles.get(hold);
    if (known) return known;
    const joint = new JointHold([hold]);
    this.#singles.set(hold, joint);
    return joint;
  }

  #together(holds: readonly LaneHold[]): JointHold {
    const id = holds
      .map((hold) => this.#placeOf(hold))
      .sort((a, b) => a - b)
      .join();
    const joint = this.#joint.get(id) ?? new JointHold(holds);
    this.#joint.set(id, joint);
    return joint;
  }

  #placeOf(hold: LaneHold): number {
    const place = this.#places.get(hold) ?? this.#places.size;
    this.#places.set(hold, place);
    return place;
  }
}
