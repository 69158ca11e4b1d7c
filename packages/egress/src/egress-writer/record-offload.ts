/**
 * Puts the data of records that are too large for their stream elsewhere, and lets small records that refer to them take their place. What
 * is put twice, because a record came again, is put under the same name. A record waits for its data to be stored, and so do newer ones of
 * its line. A failure is judged by the failure policy, as that of a request is.
 */
import { createHash } from 'node:crypto';
import { type Awaitable, backoffDelay, type Clock, SluiceError, sleep, toErrorReport } from '@sluice/core';
import { recordByteSize } from '@sluice/kinesis';
import type { Run } from '@sluice/processors';
import type { WriterEvent } from '@sluice/telemetry';
import { judge, type RetryRules } from './failure-policy.ts';
import { MessageAck } from './message-ack.ts';
import { RecordInHand } from './record-in-hand.ts';
import type { RecordLimit } from './record-limit.ts';

/** Where data are put. */
export interface LargeRecordStore {
  /** Stores the data under the name. Rejects with a `SluiceError` where they are not known to be stored. */
  put(name: string, data: Buffer, signal: AbortSignal): Promise<void>;
  /** What a reader needs to find them. */
  placeOf(name: string): Readonly<Record<string, string>>;
}

export interface RecordOffloadOptions {
  readonly store: LargeRecordStore;
  /** Of the stream, for a record. */
  readonly limit: Pick<RecordLimit, 'bytes'>;
  readonly retry: RetryRules;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly emit: (event: WriterEvent) => void;
}

const FORMAT = 'sluice.offloaded/1';

export class RecordOffload {
  readonly #options: RecordOffloadOptions;
  /** Records whose data are on their way, or wait to be put again. */
  #underWay = 0;

  constructor(options: RecordOffloadOptions) {
    this.#options = options;
  }

  /** Whether the stream takes a record, whose keys are set, as it is. */
  fits({ byteSize }: RecordInHand): boolean {
    return byteSize <= this.#options.limit.bytes;
  }

  /** The records themselves, or those that take the place of the large ones. Rejects where the signal is aborted, or with a bug. */
  run(records: readonly RecordInHand[], { signal }: Run): Awaitable<readonly RecordInHand[]> {
    return records.every((record) => this.fits(record)) ? records : this.#replace(records, signal);
  }

  async #replace(records: readonly RecordInHand[], signal: AbortSignal): Promise<readonly RecordInHand[]> {
    const replaced: RecordInHand[] = [];
    for (const record of records) {
      const small = this.fits(record) ? record : await this.#offload(record, signal);
      if (small) replaced.push(small);
    }
    return replaced;
  }

  /** `undefined` where it was settled, or is left to its lane. */
  async #offload(record: RecordInHand, signal: AbortSignal): Promise<RecordInHand | undefined> {
    // A copy: the lane may go, and with it the memory, while the data are on their way.
    const data = Buffer.from(record.data);
    const name = createHash('sha256').update(data).digest('hex');
    this.#underWay++;
    try {
      if (!(await this.#put(record, name, data, signal))) return undefined;
    } finally {
      this.#underWay--;
    }
    this.#options.emit({ type: 'record.offloaded', bytes: data.length });
    const place = this.#options.store.placeOf(name);
    return inPlaceOf(record, JSON.stringify({ format: FORMAT, ...place, bytes: data.length, sha256: name }));
  }

  async #put(record: RecordInHand, name: string, data: Buffer, signal: AbortSignal): Promise<boolean> {
    const { store, clock } = this.#options;
    record.firstAttemptMs = clock.monotonic();
    while (true) {
      try {
        await store.put(name, data, signal);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SluiceError)) throw error;
        const pauseMs = this.#judge(record, error);
        if (pauseMs === undefined) return false;
        await sleep(clock, pauseMs, signal);
      }
    }
  }

  /** Answers the pause before the next attempt; `undefined` where there is none. */
  #judge(record: RecordInHand, error: SluiceError): number | undefined {
    const { retry, clock, random, emit } = this.#options;
    const { owner } = record;
    const reason = toErrorReport(error);
    emit({ type: 'offload.failed', code: reason.code, reason: reason.message, records: this.#underWay });
    const delayMs = backoffDelay(retry.backoff, record.attempts++, random());
    const verdict = judge(record, error, retry, clock.monotonic(), delayMs);
    // Of a lane that has gone nothing is tried again; the other lanes of a message give back what they have of it.
    if (!owner.isOpen) owner.displaced();
    else if (verdict.type === 'retry') return delayMs;
    else if (verdict.type === 'reject') record.settle(verdict.reason);
    else record.giveBack({ reason, attempts: record.attempts });
    return undefined;
  }
}

/** With the keys, which may have been computed from the data. */
function inPlaceOf(record: RecordInHand, reference: string): RecordInHand {
  const { metadata, failure, owner } = record;
  const message = { content: Buffer.from(reference), metadata, ...(failure && { failure }) };
  const small = RecordInHand.inPlaceOf([record], message, owner, new MessageAck([record]));
  small.partitionKey = record.partitionKey;
  small.explicitHashKey = record.explicitHashKey;
  small.byteSize = recordByteSize(small);
  return small;
}
