/**
 * Writes records to a stream in as many requests at once as it may, the records of one partition key in their order: while a request with a key
 * is under way, nothing of that key is sent. Inside one request that fails in part a later record of a key may pass an earlier one.
 */
import { type BackoffPolicy, backoffDelay, type Clock, isBackoffSpent, isRetryable } from '@sluice/core';
import { type KinesisSink, MAX_BYTES_PER_PUT, MAX_RECORDS_PER_PUT, type OutgoingRecord, recordByteSize } from '@sluice/kinesis';
import { RecordNotStoredError } from '../errors.ts';

export interface KeyedRequestsOptions {
  readonly sink: Pick<KinesisSink, 'putRecords'>;
  readonly stream: string;
  readonly maxInFlight: number;
  readonly backoff: BackoffPolicy;
  readonly clock: Clock;
  /** Aborted when nobody waits for an outcome any more. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly startedMs: number;
  attempt: number;
  readonly settle: (error?: Error) => void;
}

export class KeyedRequests {
  readonly #options: KeyedRequestsOptions;
  #waiting: Waiting[] = [];
  readonly #busyKeys = new Set<string>();
  #inFlight = 0;
  #pausedUntilMs = 0;
  #isScheduled = false;

  constructor(options: KeyedRequestsOptions) {
    this.#options = options;
  }

  /** Resolves once the record is stored; rejects when the backoff is spent, or the service refuses it for good. */
  write(record: OutgoingRecord): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error) => (error ? reject(error) : resolve());
      const startedMs = this.#options.clock.monotonic();
      this.#waiting.push({ record, bytes: recordByteSize(record), startedMs, attempt: 0, settle });
      this.#schedule(0);
    });
  }

  /** Records that come in one turn go in one request. */
  #schedule(delayMs: number): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.clock.setTimeout(() => {
      this.#isScheduled = false;
      this.#pump();
    }, delayMs);
  }

  #pump(): void {
    const { clock, maxInFlight, signal } = this.#options;
    if (signal.aborted) return;
    const pauseMs = this.#pausedUntilMs - clock.monotonic();
    if (pauseMs > 0) {
      this.#schedule(pauseMs);
      return;
    }
    while (this.#inFlight < maxInFlight) {
      const batch = this.#take();
      if (batch.length === 0) return;
      void this.#send(batch);
    }
  }

  /** What may be sent now, in order: a key of which something is under way, or did not fit, waits. */
  #take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const held = new Set(this.#busyKeys);
    let bytes = 0;
    for (const one of this.#waiting) {
      const { partitionKey } = one.record;
      const fits = batch.length < MAX_RECORDS_PER_PUT && (batch.length === 0 || bytes + one.bytes <= MAX_BYTES_PER_PUT);
      if (fits && !held.has(partitionKey)) {
        batch.push(one);
        bytes += one.bytes;
      } else {
        held.add(partitionKey);
        left.push(one);
      }
    }
    this.#waiting = left;
    return batch;
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const { sink, stream, signal } = this.#options;
    for (const { record } of batch) this.#busyKeys.add(record.partitionKey);
    this.#inFlight++;
    const failures = new Map<Waiting, Error>();
    try {
      const { results } = await sink.putRecords({ stream, records: batch.map(({ record }) => record) }, signal);
      for (const [index, result] of results.entries())
        if ('errorCode' in result) failures.set(batch[index]!, new RecordNotStoredError(stream, result.errorCode));
    } catch (error) {
      for (const one of batch) failures.set(one, error as Error);
    }
    this.#inFlight--;
    for (const { record } of batch) this.#busyKeys.delete(record.partitionKey);
    for (const one of batch) if (!failures.has(one)) one.settle();
    this.#again(failures);
    this.#schedule(0);
  }

  /** Puts what may still succeed back in front, in its order. */
  #again(failures: ReadonlyMap<Waiting, Error>): void {
    const { backoff, clock } = this.#options;
    const repeated = [...failures].flatMap(([one, error]) => {
      const delayMs = backoffDelay(backoff, one.attempt, Math.random());
      const isSpent = isBackoffSpent(backoff, one.attempt, clock.monotonic() - one.startedMs, delayMs);
      if (!isRetryable(error) || isSpent) {
        one.settle(error);
        return [];
      }
      one.attempt++;
      this.#pausedUntilMs = Math.max(this.#pausedUntilMs, clock.monotonic() + delayMs);
      return [one];
    });
    this.#waiting = [...repeated, ...this.#waiting];
  }
}
