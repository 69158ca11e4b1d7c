/**
 * Writes the records of lanes to an output: each record, or each input batch, is a delivery by itself, which leaves once the one before it of
 * its line is out. Where the output keeps the order of what it is handed, a run of them leaves at once, and as one delivery where it writes
 * batches as one. Lines, which are keys, source shards or lanes, are written at once, as far as the output has room.
 *
 *     accept ──▶ waiting ──▶ with the output ──▶ out
 *                   ▲              ├──▶ dead letter (it can never be written)
 *                   └── backoff ◀──┴──▶ back to its lane, which then rests (its retries are spent)
 *
 * A delivery that an output holds cannot be called back. One whose lease is lost meanwhile may be written once more by the next owner; both
 * write a line in its order, so the first appearances of its records keep it.
 */
import type { OutputEgress } from '@sluice/config';
import { type BackoffPolicy, backoffDelay, type Clock, isBackoffSpent, type SluiceError, toErrorReport } from '@sluice/core';
import {
  type Draft,
  InFlight,
  type LaneHold,
  type LaneWriter,
  LEASE_MARGIN_MS,
  laneLines,
  type RecordInHand,
  RecordScheduler,
  sourceLineOf,
  type WriterHealth,
} from '@sluice/egress';
import type { OpenedOutput } from '@sluice/pipeline';
import { DurationTally, type WriterEvent } from '@sluice/telemetry';
import { BatchDraft } from './batch-draft.ts';
import { HandedRun } from './handed-run.ts';
import { RunDraft } from './run-draft.ts';
import type { RunRules } from './run-rules.ts';

export interface OutputWriterOptions {
  /** Names the output in errors. */
  readonly id: string;
  readonly ordering: OutputEgress['ordering'];
  /** Whether what a lane has of an input batch is one delivery. All of a lane is one line then. @default false */
  readonly takesBatches?: boolean;
  /** Of a key: more than one record where the output keeps the order of what it is handed, or writes it as one. */
  readonly run: RunRules;
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

const NO_LIMITS = { maxRecords: Number.POSITIVE_INFINITY, maxBytes: Number.POSITIVE_INFINITY };

interface Attempt {
  readonly startedMs: number;
  readonly nowMs: number;
  readonly delayMs: number;
}

export class OutputWriter implements LaneWriter {
  readonly #options: OutputWriterOptions;
  readonly #scheduler: RecordScheduler<LaneHold, RecordInHand, Draft<RecordInHand>>;
  readonly #inFlight = new InFlight();
  #handing = 0;
  #isStopped = false;
  #isFailing = false;
  #timer: unknown;
  #flushTimer: unknown;
  #report: (health: WriterHealth) => void = () => undefined;

  constructor(options: OutputWriterOptions) {
    this.#options = options;
    const { ordering, run, takesBatches = false } = options;
    const lineOf = takesBatches ? laneLines(ordering) : sourceLineOf(ordering);
    const draftOf = () => (takesBatches ? new BatchDraft() : new RunDraft(ordering === 'key' ? run : { ...run, maxRecords: 1 }, lineOf));
    this.#scheduler = new RecordScheduler(ordering, NO_LIMITS, () => undefined, lineOf, draftOf);
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
  async #hand(request: Draft<RecordInHand>, startedMs: number): Promise<void> {
    const { id, output, takesBatches = false, run: rules } = this.#options;
    const run = new HandedRun({
      records: request.items,
      isOneDelivery: !takesBatches && rules.isOneDelivery,
      output: id,
      onEnd: (ended) => this.#end(request, ended, startedMs),
    });
    this.#inFlight.add(request.items);
    this.#handing++;
    try {
      await run.hand(output.deliver);
    } catch (error) {
      this.#report({ type: 'requests.broken', error });
    }
    this.#handing--;
    this.#pump();
  }

  #end(request: Draft<RecordInHand>, { written, failed, held }: HandedRun, startedMs: number): void {
    const nowMs = this.#options.clock.monotonic();
    if (written.length > 0) this.#reportWritten(written, (nowMs - startedMs) / 1_000);
    for (const error of failed.values()) this.#reportFailed(error);
    const attempts = Math.max(0, ...[...failed.keys()].map((record) => record.attempts));
    const delayMs = backoffDelay(this.#options.backoff, attempts, this.#options.random());
    const again = [...failed].flatMap(([record, error]) =>
      this.#isTriedAgain(record, error, { startedMs, nowMs, delayMs }) ? [record] : [],
    );
    const left = new Set([...again, ...held].filter(({ owner }) => owner.isOpen));
    const inOrder = request.items.filter((record) => left.has(record));
    this.#scheduler.settle(request, inOrder, nowMs + delayMs);
    this.#inFlight.remove(request.items);
    this.#pump();
  }

  /** Leaves a record whose retries are spent to its lane. */
  #isTriedAgain(record: RecordInHand, error: SluiceError, { startedMs, nowMs, delayMs }: Attempt): boolean {
    if (record.attempts++ === 0) record.firstAttemptMs = startedMs;
    if (!isBackoffSpent(this.#options.backoff, record.attempts - 1, nowMs - record.firstAttemptMs, delayMs)) return true;
    if (record.owner.isOpen) record.giveBack({ reason: toErrorReport(error), attempts: record.attempts });
    return false;
  }

  #reportFailed(error: SluiceError): void {
    const { code, message: reason } = toErrorReport(error);
    this.#options.emit({ type: 'request.failed', code, reason, records: 1 });
    this.#noteHealth(error);
  }

  #reportWritten(records: readonly RecordInHand[], seconds: number): void {
    const { clock, emit } = this.#options;
    const delivered = new DurationTally();
    let bytes = 0;
    for (const { arrivalTimeMs, data } of records) {
      bytes += data.byteLength;
      if (arrivalTimeMs) delivered.add(Math.max(0, clock.now() - arrivalTimeMs) / 1_000, 1);
    }
    emit({ type: 'request.answered', written: records.length, failed: 0, throttled: 0, bytes, seconds, delivered });
    this.#noteHealth(undefined);
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
