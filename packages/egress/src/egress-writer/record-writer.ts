/**
 * The data plane of an egress: takes records from lanes, batches them, and keeps up to `maxInFlight` requests open until each record is
 * written, rejected, or left to its lane. It acknowledges nothing itself; each record's {@link LaneHold} hears what became of it.
 *
 * No request starts unless the lease of every lane in it outlasts the request's time-out. A hold that is no longer open still hears the
 * results of what is in flight, but nothing of it is sent again.
 */
import { backoffDelay, type Clock, SluiceError, toErrorReport } from '@sluice/core';
import type { KinesisSink, PutRecordsOutput } from '@sluice/kinesis';
import type { WriterEvent } from '@sluice/telemetry';
import { isAnswerLost } from './answer-lost.ts';
import { Circuit } from './circuit.ts';
import { judge, type RetryRules, recordError } from './failure-policy.ts';
import { involves } from './joint-hold.ts';
import type { LaneHold } from './lane-hold.ts';
import { type AggregationRules, RecordAggregation } from './record-aggregation.ts';
import { encodeBatch, type KeyRules } from './record-encoder.ts';
import type { RecordInHand } from './record-in-hand.ts';
import { RecordIntake, type RecordIntakeSettings } from './record-intake.ts';
import { type Ordering, RecordScheduler, type RequestLimits, type ScheduledRequest } from './record-scheduler.ts';

export interface RecordWriterSettings extends RecordIntakeSettings {
  /** Name or ARN of the destination. */
  readonly stream: string;
  readonly ordering: Ordering;
  readonly limits: RequestLimits;
  /** `undefined`: each record is one for Kinesis too. */
  readonly aggregation: AggregationRules | undefined;
  readonly maxInFlight: number;
  readonly keys: KeyRules;
  readonly retry: RetryRules;
  /** Ends a request that is not answered; less than a lease lasts, since no request starts that may outlive its lease. */
  readonly requestTimeoutMs: number;
}

export interface RecordWriterPorts {
  readonly sink: Pick<KinesisSink, 'putRecords'>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly emit: (event: WriterEvent) => void;
  /** Hears of an error that is nobody's weather: the worker must stop. */
  readonly onBug: (error: unknown) => void;
}

type Request = ScheduledRequest<LaneHold, RecordInHand>;

/**
 * Requests that may be open before one waits to be full. A request costs about as much as fifty records in it; while four are under way,
 * what arrives in the meantime shares the next one, and is hardly later for it.
 */
const EAGER_REQUESTS = 4;
/** How often to look whether a lane that could not send has had its lease renewed. */
const HELD_POLL_MS = 50;

export class RecordWriter {
  readonly #settings: RecordWriterSettings;
  readonly #ports: RecordWriterPorts;
  readonly #scheduler: RecordScheduler<LaneHold, RecordInHand>;
  readonly #intake: RecordIntake;
  readonly #aggregation: RecordAggregation | undefined;
  readonly #circuit: Circuit;
  readonly #inFlight = new Map<LaneHold, number>();
  readonly #quiet = new Map<LaneHold, Array<() => void>>();
  readonly #abort = new AbortController();
  #isStopped = false;
  #timer: unknown;

  constructor(settings: RecordWriterSettings, ports: RecordWriterPorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#scheduler = new RecordScheduler(settings.ordering, settings.limits);
    this.#circuit = new Circuit(settings.retry.backoff);
    this.#intake = new RecordIntake(settings, this.#now(), ports.emit);
    this.#aggregation = settings.aggregation && new RecordAggregation(settings.aggregation, settings.keys.maxRecordBytes);
  }

  /** Takes over records of open holds, in the order of their lanes. */
  accept(records: readonly RecordInHand[]): void {
    for (const batch of this.#intake.accept(records, this.#now())) this.#schedule(batch);
    this.#pump();
  }

  /** Lets an incomplete batch leave: at shutdown, or when there is no room for the rest of it. */
  flush(mechanism: 'shutdown' | 'memory'): void {
    this.#flushBatch(this.#now(), mechanism);
    this.#pump();
  }

  /** Takes back all that waits of a hold, which is no longer open, and resolves once nothing of it is in flight. */
  async withdraw(hold: LaneHold): Promise<void> {
    this.#intake.withdraw(hold);
    for (const { owner } of this.#scheduler.withdraw((owner) => involves(owner, hold))) owner.displaced();
    await Promise.all(
      this.#ownersInFlight(hold).map(
        (owner) => new Promise<void>((resolve) => this.#quiet.set(owner, [...(this.#quiet.get(owner) ?? []), resolve])),
      ),
    );
  }

  /** Counts what is in flight of a hold as unknown: it is handed back, and so may be written twice. */
  giveUp(hold: LaneHold): void {
    const records = this.#ownersInFlight(hold).reduce((sum, owner) => sum + this.#inFlight.get(owner)!, 0);
    if (records > 0) this.#ports.emit({ type: 'request.ambiguous', records });
  }

  /** Whether nothing waits and nothing is in flight. */
  get isIdle(): boolean {
    return this.#scheduler.waiting === 0 && this.#scheduler.inFlight === 0 && this.#intake.isEmpty;
  }

  /** Starts no further request. Those in flight go on. */
  stop(): void {
    this.#isStopped = true;
    this.#ports.clock.clearTimeout(this.#timer);
  }

  /** Ends the requests in flight, whatever becomes of them. */
  abort(): void {
    this.stop();
    this.#abort.abort();
  }

  #schedule(records: readonly RecordInHand[]): void {
    const encoded = encodeBatch(records, this.#settings.keys, (rejected, reason) => rejected.owner.rejected(rejected, reason));
    for (const record of this.#aggregation?.run(encoded) ?? encoded) this.#scheduler.add(record);
  }

  #flushBatch(nowMs: number, mechanism?: 'shutdown' | 'memory'): void {
    try {
      this.#schedule(this.#intake.flush(nowMs, mechanism));
    } catch (error) {
      this.#ports.onBug(error);
    }
  }

  #ownersInFlight(hold: LaneHold): LaneHold[] {
    return [...this.#inFlight.keys()].filter((owner) => involves(owner, hold));
  }

  /** Starts what may start now. One look at the clock serves the whole pass, so that nothing becomes due between two of them unseen. */
  #pump(): void {
    const nowMs = this.#now();
    if (this.#intake.isDue(nowMs)) this.#flushBatch(nowMs);
    while (this.#canStart(nowMs)) {
      const request = this.#scheduler.next(nowMs, (hold) => hold.canSend(this.#settings.requestTimeoutMs));
      if (!request) break;
      this.#start(request);
    }
    this.#armTimer(nowMs);
  }

  #canStart(nowMs: number): boolean {
    return this.#hasRoom() && this.#isWorthARequest() && !this.#isStopped && this.#circuit.opensAtMs <= nowMs;
  }

  #isWorthARequest(): boolean {
    return this.#scheduler.inFlight < EAGER_REQUESTS || this.#scheduler.waiting >= this.#settings.limits.maxRecords;
  }

  #hasRoom(): boolean {
    return this.#scheduler.inFlight < this.#circuit.allowedInFlight(this.#settings.maxInFlight);
  }

  #armTimer(nowMs: number): void {
    const { clock } = this.#ports;
    clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isStopped) return;
    const wakeAtMs = Math.min(this.#intake.wakesAtMs, this.#schedulerWakesAtMs(nowMs));
    if (wakeAtMs === Number.POSITIVE_INFINITY) return;
    this.#timer = clock.setTimeout(() => this.#pump(), Math.max(1, Math.ceil(wakeAtMs - nowMs)));
  }

  /** When the scheduler may have something again that no event announces; the end of a request announces itself. */
  #schedulerWakesAtMs(nowMs: number): number {
    if (this.#scheduler.waiting === 0 || !this.#hasRoom()) return Number.POSITIVE_INFINITY;
    if (this.#circuit.opensAtMs > nowMs) return this.#circuit.opensAtMs;
    const heldMs = this.#scheduler.isHolding ? nowMs + HELD_POLL_MS : Number.POSITIVE_INFINITY;
    return Math.min(heldMs, this.#scheduler.nextDueMs ?? Number.POSITIVE_INFINITY);
  }

  #start(request: Request): void {
    const startedMs = this.#now();
    for (const record of request.items) {
      if (record.attempts++ === 0) record.firstAttemptMs = startedMs;
      this.#inFlight.set(record.owner, (this.#inFlight.get(record.owner) ?? 0) + 1);
    }
    this.#exchange(request, startedMs)
      .catch(this.#ports.onBug)
      .finally(() => this.#pump());
  }

  async #exchange(request: Request, startedMs: number): Promise<void> {
    const { stream, requestTimeoutMs: timeoutMs } = this.#settings;
    try {
      const output = await this.#ports.sink.putRecords({ stream, records: request.items, timeoutMs }, this.#abort.signal);
      this.#circuit.requestAnswered();
      this.#answered(request, output, startedMs);
    } catch (error) {
      this.#failed(request, error);
    } finally {
      this.#endFlight(request);
    }
  }

  #answered(request: Request, { results, failedCount }: PutRecordsOutput, startedMs: number): void {
    const { stream, retry } = this.#settings;
    const failed: Array<readonly [RecordInHand, SluiceError]> = [];
    let bytes = 0;
    for (const [index, record] of request.items.entries()) {
      const result = results[index]!;
      if ('errorCode' in result) {
        failed.push([record, recordError(result.errorCode, result.errorMessage, stream, retry)]);
      } else {
        bytes += record.data.byteLength;
        record.owner.delivered(record);
      }
    }
    const written = request.items.length - failedCount;
    this.#ports.emit({ type: 'request.answered', written, failed: failedCount, bytes, seconds: (this.#now() - startedMs) / 1_000 });
    this.#settle(request, failed);
  }

  #failed(request: Request, error: unknown): void {
    const records = request.items.length;
    if (this.#abort.signal.aborted) {
      this.#scheduler.settle(request, [], 0);
      return;
    }
    if (isAnswerLost(error)) this.#ports.emit({ type: 'request.ambiguous', records });
    if (!(error instanceof SluiceError)) {
      this.#scheduler.settle(request, [], 0);
      throw error;
    }
    const { code, message } = toErrorReport(error);
    this.#ports.emit({ type: 'request.failed', code, reason: message, records });
    if (error.disposition === 'reject' && records > 1) {
      // Looking for the offender is not its neighbours' failure, so it costs them no retry.
      for (const record of request.items) record.attempts--;
      this.#scheduler.bisect(request, stillOwned);
    } else {
      if (error.disposition === 'retry') this.#circuit.requestFailed(this.#now(), this.#ports.random());
      this.#settle(
        request,
        request.items.map((record) => [record, error] as const),
      );
    }
  }

  /** Ends a request: each failed record is rejected, tried again after a pause, or left to its lane when the budget is spent. */
  #settle(request: Request, failures: ReadonlyArray<readonly [RecordInHand, SluiceError]>): void {
    const { retry } = this.#settings;
    const nowMs = this.#now();
    const attempts = failures.reduce((most, [record]) => Math.max(most, record.attempts), 1);
    const delayMs = backoffDelay(retry.backoff, attempts - 1, this.#ports.random());
    const again: RecordInHand[] = [];
    for (const [record, error] of failures) {
      const verdict = judge(record, error, retry, nowMs, delayMs);
      if (verdict.type === 'reject') record.owner.rejected(record, verdict.reason);
      else if (verdict.type === 'retry') again.push(record);
      else if (stillOwned(record)) record.owner.spent({ reason: toErrorReport(error), attempts: record.attempts });
    }
    this.#scheduler.settle(request, again.filter(stillOwned), nowMs + delayMs);
  }

  #endFlight(request: Request): void {
    for (const { owner } of request.items) {
      const left = this.#inFlight.get(owner)! - 1;
      if (left > 0) {
        this.#inFlight.set(owner, left);
        continue;
      }
      this.#inFlight.delete(owner);
      for (const resolve of this.#quiet.get(owner) ?? []) resolve();
      this.#quiet.delete(owner);
    }
  }

  #now(): number {
    return this.#ports.clock.monotonic();
  }
}

/** Whether a record that failed may be sent again. If not, and not for its own sake, its other lanes give back what they have in hand. */
function stillOwned({ owner }: RecordInHand): boolean {
  if (owner.isOpen) return true;
  owner.displaced();
  return false;
}
