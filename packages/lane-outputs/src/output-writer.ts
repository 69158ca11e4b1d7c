/**
 * Writes the records of lanes to an output: each record is a delivery by itself, which leaves once the one before it of its line is out.
 * Lines, which are keys or source shards, are written at once, as far as the output has room.
 *
 *     accept ──▶ waiting ──▶ with the output ──▶ out
 *                   ▲              ├──▶ dead letter (it can never be written)
 *                   └── backoff ◀──┴──▶ back to its lane, which then rests (its retries are spent)
 *
 * A delivery that an output holds cannot be called back. One whose lease is lost meanwhile may be written once more by the next owner; both
 * write a line in its order, so the first appearances of its records keep it.
 */
import type { OutputEgress } from '@sluice/config';
import { type BackoffPolicy, backoffDelay, type Clock, isBackoffSpent, SluiceError, toErrorReport } from '@sluice/core';
import {
  InFlight,
  type LaneHold,
  type LaneWriter,
  LEASE_MARGIN_MS,
  type PlainDraft,
  type RecordInHand,
  RecordScheduler,
  sourceLineOf,
  type WriterHealth,
} from '@sluice/egress';
import { giveName, type OpenedOutput } from '@sluice/pipeline';
import { DurationTally, type WriterEvent } from '@sluice/telemetry';
import { OutputFailedError } from './errors.ts';

export interface OutputWriterOptions {
  /** Names the output in errors. */
  readonly id: string;
  readonly ordering: OutputEgress['ordering'];
  readonly output: Pick<OpenedOutput, 'deliver' | 'flush' | 'failed'>;
  readonly backoff: BackoffPolicy;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly emit: (event: WriterEvent) => void;
}

/** Deliveries that wait for room at the output, at most, over all lines. */
const HANDING_AT_ONCE = 64;
/** How often to look whether a lane that could not send has had its lease renewed. */
const HELD_POLL_MS = 50;
/** A record that waits for so long behind one of its line has incomplete batches leave, in which that one may be. */
const PATIENCE_MS = 1_000;

const ONE_RECORD = { maxRecords: 1, maxBytes: Number.POSITIVE_INFINITY };

type Request = PlainDraft<RecordInHand>;

export class OutputWriter implements LaneWriter {
  readonly #options: OutputWriterOptions;
  readonly #scheduler: RecordScheduler<LaneHold, RecordInHand>;
  readonly #inFlight = new InFlight();
  #handing = 0;
  #isStopped = false;
  #isFailing = false;
  #timer: unknown;
  #flushTimer: unknown;
  #report: (health: WriterHealth) => void = () => undefined;

  constructor(options: OutputWriterOptions) {
    this.#options = options;
    const { ordering } = options;
    this.#scheduler = new RecordScheduler(ordering, ONE_RECORD, () => undefined, sourceLineOf(ordering));
  }

  run(report: (health: WriterHealth) => void): () => void {
    this.#report = report;
    this.#options.output.failed.catch((error: unknown) => report({ type: 'requests.broken', error }));
    return () => {
      const { clock } = this.#options;
      this.#isStopped = true;
      clock.clearTimeout(this.#timer);
      clock.clearTimeout(this.#flushTimer);
    };
  }

  accept(records: readonly RecordInHand[]): void {
    for (const record of records) this.#scheduler.add(record);
    this.#pump();
  }

  flush(): void {
    this.#options.output.flush().catch((error: unknown) => this.#report({ type: 'requests.broken', error }));
  }

  async withdraw(lane: LaneHold): Promise<void> {
    this.#scheduler.withdraw((owner) => owner === lane);
    this.flush();
    await this.#inFlight.whenQuiet(lane);
  }

  giveUp(lane: LaneHold): void {
    const records = this.#inFlight.count(lane);
    if (records > 0) this.#options.emit({ type: 'request.ambiguous', records });
  }

  #pump(): void {
    const { clock } = this.#options;
    const nowMs = clock.monotonic();
    while (this.#handing < HANDING_AT_ONCE && !this.#isStopped) {
      const request = this.#scheduler.next(nowMs, (owner) => owner.canSend(LEASE_MARGIN_MS));
      if (!request) break;
      void this.#hand(request, nowMs);
    }
    this.#armTimers(nowMs);
  }

  /** Resolves when the output has room for another. */
  async #hand(request: Request, startedMs: number): Promise<void> {
    const [record] = request.items as [RecordInHand];
    const { name } = record;
    const message = { content: record.content, metadata: record.metadata };
    if (name !== undefined) giveName(message, name);
    this.#inFlight.add(request.items);
    this.#handing++;
    const settle = (failure?: Error) => this.#settled(request, failure, startedMs);
    try {
      await this.#options.output.deliver({ messages: [message], settle });
    } catch (error) {
      this.#report({ type: 'requests.broken', error });
    }
    this.#handing--;
    this.#pump();
  }

  #settled(request: Request, failure: Error | undefined, startedMs: number): void {
    const [record] = request.items as [RecordInHand];
    const nowMs = this.#options.clock.monotonic();
    if (failure) this.#failed(request, record, failure, startedMs);
    else {
      this.#noteHealth(undefined);
      record.settle();
      this.#emitWritten(record, (nowMs - startedMs) / 1_000);
      this.#scheduler.settle(request, [], nowMs);
    }
    this.#inFlight.remove(request.items);
    this.#pump();
  }

  #failed(request: Request, record: RecordInHand, failure: Error, startedMs: number): void {
    const { id, backoff, clock, random, emit } = this.#options;
    const nowMs = clock.monotonic();
    const error = failure instanceof SluiceError ? failure : new OutputFailedError(id, failure);
    const { code, message: reason } = toErrorReport(error);
    if (error.disposition === 'reject') {
      record.settle(error);
      this.#scheduler.settle(request, [], nowMs);
      return;
    }
    emit({ type: 'request.failed', code, reason, records: 1 });
    this.#noteHealth(error);
    if (record.attempts++ === 0) record.firstAttemptMs = startedMs;
    const delayMs = backoffDelay(backoff, record.attempts - 1, random());
    const isSpent = isBackoffSpent(backoff, record.attempts - 1, nowMs - record.firstAttemptMs, delayMs);
    if (isSpent && record.owner.isOpen) record.owner.spent({ reason: { ...toErrorReport(error) }, attempts: record.attempts });
    this.#scheduler.settle(request, !isSpent && record.owner.isOpen ? [record] : [], nowMs + delayMs);
  }

  #emitWritten(record: RecordInHand, seconds: number): void {
    const { clock, emit } = this.#options;
    const delivered = new DurationTally();
    const { arrivalTimeMs } = record;
    if (arrivalTimeMs) delivered.add(Math.max(0, clock.now() - arrivalTimeMs) / 1_000, 1);
    emit({ type: 'request.answered', written: 1, failed: 0, throttled: 0, bytes: record.data.byteLength, seconds, delivered });
  }

  #noteHealth(error: SluiceError | undefined): void {
    const isFailing = error !== undefined;
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    this.#report(error ? { type: 'requests.failing', error } : { type: 'requests.answered' });
  }

  #armTimers(nowMs: number): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isStopped || this.#scheduler.waiting === 0) return;
    this.#flushTimer ??= clock.setTimeout(() => {
      this.#flushTimer = undefined;
      this.flush();
      this.#pump();
    }, PATIENCE_MS);
    const heldMs = this.#scheduler.isHolding ? nowMs + HELD_POLL_MS : Number.POSITIVE_INFINITY;
    const wakeAtMs = Math.min(heldMs, this.#scheduler.nextDueMs ?? Number.POSITIVE_INFINITY);
    if (wakeAtMs === Number.POSITIVE_INFINITY || this.#handing >= HANDING_AT_ONCE) return;
    this.#timer = clock.setTimeout(() => this.#pump(), Math.max(1, Math.ceil(wakeAtMs - nowMs)));
  }
}
