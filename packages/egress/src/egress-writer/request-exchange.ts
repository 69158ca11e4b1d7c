/**
 * One request after the other, from the moment it starts until each of its records is settled, waits to be tried again, or is left to its
 * lane. A failure is judged here, once, by the failure policy.
 */
import { backoffDelay, type Clock, SluiceError, toErrorReport } from '@sluice/core';
import {
  dataByteLength,
  type KinesisSink,
  KinesisThrottledError,
  KinesisTimeoutError,
  type PutRecordsOutput,
  RecordTooLargeError,
  RequestNotSentError,
} from '@sluice/kinesis';
import { DurationTally, type RunningSpan, type Tracing, type WriterEvent } from '@sluice/telemetry';
import { RecordMisplacedError } from '../errors.ts';
import type { LiveShards } from '../shard-budget/live-shards.ts';
import { THROTTLED } from '../shard-budget/outlet.ts';
import type { StreamBudget } from '../shard-budget/stream-budget.ts';
import { isAnswerLost } from './answer-lost.ts';
import type { Circuit } from './circuit.ts';
import { isOutage, judge, type RetryRules, recordError } from './failure-policy.ts';
import type { LaneHold } from './lane-hold.ts';
import { LEASE_MARGIN_MS, watchLeases } from './lease-watch.ts';
import { findMisplaced } from './misplaced-records.ts';
import { PackingDraft } from './packing-draft.ts';
import { countPassed } from './passed-records.ts';
import { type RecordInHand, tracesOf } from './record-in-hand.ts';
import type { RecordLimit } from './record-limit.ts';
import type { Ordering, RecordScheduler } from './record-scheduler.ts';
import type { PlainDraft } from './request-draft.ts';
import type { RequestPace } from './request-pace.ts';

export interface RequestExchangeOptions {
  /** Name or ARN of the destination. */
  readonly stream: string;
  readonly retry: RetryRules;
  readonly ordering: Ordering;
  /** What keeps an order among its records. */
  readonly lineOf: (record: RecordInHand) => string;
  readonly scheduler: RecordScheduler<LaneHold, RecordInHand, Request>;
  readonly circuit: Circuit;
  readonly pace: RequestPace;
  readonly sink: Pick<KinesisSink, 'putRecords'>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly tracing?: Tracing | undefined;
  readonly emit: (event: WriterEvent) => void;
  /** Of the stream, for a record. */
  readonly limit: RecordLimit;
  /** Whether a record that is too large is put elsewhere when it comes again. */
  readonly offloads: boolean;
  /** Of the stream's shards. */
  readonly budget?: StreamBudget | undefined;
  readonly shards?: LiveShards | undefined;
  /** Whether Kinesis serves this worker, as the last request showed. */
  readonly onOutcome: (outage: SluiceError | undefined) => void;
}

/** A request, as the scheduler filled it. */
export type Request = PlainDraft<RecordInHand> | PackingDraft;
type Failure = readonly [RecordInHand, SluiceError];

export class RequestExchange {
  readonly #options: RequestExchangeOptions;

  constructor(options: RequestExchangeOptions) {
    this.#options = options;
  }

  /** Sends a request and settles it. Rejects with a bug. */
  async send({ request, stopping }: { readonly request: Request; readonly stopping: AbortSignal }): Promise<void> {
    const { stream, sink, clock, pace, limit } = this.#options;
    const { timeoutMs } = pace;
    let startedMs = clock.monotonic();
    const owners = ownersOf(request.items);
    const ending = new AbortController();
    const stopWatching = watchLeases(owners, clock, (reason) => ending.abort(reason));
    const stop = () => ending.abort(stopping.reason);
    stopping.addEventListener('abort', stop, { once: true });
    let span: RunningSpan | undefined;
    try {
      if (request.items.some(({ byteSize }) => byteSize > limit.bytes)) {
        await limit.freshen(ending.signal);
        if (ending.signal.aborted) throw new RequestNotSentError({ operation: 'PutRecords', stream });
        if (this.#refuseTooLarge(request)) return;
        startedMs = clock.monotonic();
      }
      span = this.#startSpan(request);
      const canSend = () => owners.values().every((owner) => owner.canSend(LEASE_MARGIN_MS));
      const input = { stream, records: request.entries, timeoutMs, canSend };
      const output = await sink.putRecords(input, ending.signal);
      span?.end();
      const misplaced = await this.#findMisplaced(request, output, ending.signal);
      this.#answered(request, output, misplaced, { startedMs, span });
    } catch (error) {
      span?.end(error);
      if (stopping.aborted) this.#settle(request, [], startedMs);
      else await this.#failed(request, error, { startedMs, timeoutMs, signal: ending.signal });
    } finally {
      stopWatching();
      stopping.removeEventListener('abort', stop);
    }
  }

  /** Below the job that its records came with; linked to the others where they are of several. */
  #startSpan({ items }: Request): RunningSpan | undefined {
    const { tracing, stream } = this.#options;
    if (!tracing) return undefined;
    const [parent, ...links] = tracesOf(items) ?? [];
    const attributes = {
      ...{ 'messaging.system': 'aws_kinesis', 'messaging.destination.name': stream },
      ...{ 'messaging.batch.message_count': items.length, 'sluice.jobs': links.length + 1 },
    };
    return tracing.start({ name: `put ${stream}`, kind: 'client', parent, links, attributes });
  }

  async #findMisplaced(request: Request, { results }: PutRecordsOutput, signal: AbortSignal): Promise<ReadonlySet<RecordInHand>> {
    const { shards, emit } = this.#options;
    if (!shards || !(request instanceof PackingDraft)) return NONE;
    const misplaced = await findMisplaced(request.entries, results, shards, signal);
    if (misplaced.size > 0) emit({ type: 'records.misplaced', records: misplaced.size });
    return misplaced;
  }

  #answered(
    request: Request,
    { failedCount, results }: PutRecordsOutput,
    misplaced: ReadonlySet<RecordInHand>,
    { startedMs, span }: { readonly startedMs: number; readonly span: RunningSpan | undefined },
  ): void {
    const { stream, retry, clock, circuit, pace, budget, emit, onOutcome } = this.#options;
    const nowMs = clock.monotonic();
    circuit.requestAnswered();
    onOutcome(undefined);
    budget?.answered(request.entries, results, failedCount);
    if (pace.answered(nowMs - startedMs, nowMs)) this.#reportPace();
    const failures: Failure[] = [];
    const delivered = new DurationTally();
    delivered.traceId = span?.traceId;
    const wallMs = clock.now();
    const counts = { written: 0, failed: 0, throttled: 0, bytes: 0 };
    for (let index = 0; index < request.items.length; index++) {
      const record = request.items[index]!;
      const result = failedCount > 0 ? results[request.entryOf(index)]! : undefined;
      if (result && 'errorCode' in result) {
        counts.failed++;
        if (result.errorCode === THROTTLED) counts.throttled++;
        failures.push([record, recordError(result.errorCode, result.errorMessage, stream, retry)]);
      } else if (misplaced.has(record)) {
        failures.push([record, new RecordMisplacedError(stream)]);
      } else {
        counts.written++;
        counts.bytes += dataByteLength(record);
        const arrivalMs = record.arrivalTimeMs;
        if (arrivalMs) delivered.add(Math.max(0, wallMs - arrivalMs) / 1_000);
        record.settle();
      }
    }
    emit({ type: 'request.answered', ...counts, delivered, seconds: (nowMs - startedMs) / 1_000 });
    this.#settle(request, failures, startedMs);
  }

  async #failed(
    request: Request,
    error: unknown,
    { startedMs, timeoutMs, signal }: { readonly startedMs: number; readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const { limit, clock, random, circuit, pace, scheduler, emit, onOutcome } = this.#options;
    const nowMs = clock.monotonic();
    const records = request.items.length;
    if (isAnswerLost(error)) emit({ type: 'request.ambiguous', records });
    if (!(error instanceof SluiceError)) {
      this.#settle(request, [], startedMs);
      throw error;
    }
    const { code, message } = toErrorReport(error);
    emit({ type: 'request.failed', code, reason: message, records });
    if (error.disposition === 'reject' && request.entries.some(({ byteSize }) => limit.mayBeLower(byteSize))) {
      await limit.doubt(signal);
      if (this.#refuseTooLarge(request)) return;
    }
    if (error.disposition === 'reject' && request.items.length > 1) {
      // Looking for the offender is not its neighbours' failure, so it costs them no retry.
      scheduler.bisect(request, stillOwned);
      return;
    }
    if (isOutage(error)) onOutcome(error);
    if (isOutage(error) || error instanceof KinesisThrottledError) circuit.requestFailed(nowMs, random());
    // A connection that could not be made in time ends earlier, and says nothing about the endpoint's speed.
    const hasTimedOut = error instanceof KinesisTimeoutError && nowMs - startedMs > timeoutMs * 0.9;
    if (hasTimedOut && pace.timedOut({ records: request.entries.length, startedMs }, nowMs)) this.#reportPace();
    this.#settle(
      request,
      request.items.map((record) => [record, error] as const),
      startedMs,
    );
  }

  /** Ends a request with entries that the stream does not take, by the limit known now. What is not too large by itself comes again at once. */
  #refuseTooLarge(request: Request): boolean {
    const { limit, offloads, scheduler } = this.#options;
    if (request.entries.every(({ byteSize }) => byteSize <= limit.bytes)) return false;
    const tooLarge = request.items.filter(({ byteSize }) => byteSize > limit.bytes);
    for (const record of tooLarge) {
      // What comes again with a store is put there.
      if (offloads) record.giveBack();
      else record.settle(new RecordTooLargeError(record.byteSize, limit.bytes));
    }
    const others = request.items.filter((record) => !tooLarge.includes(record) && stillOwned(record));
    scheduler.settle(request, others, Number.NEGATIVE_INFINITY);
    return true;
  }

  /** Ends a request: each failed record is rejected, tried again after a pause, or left to its lane when its budget is spent. */
  #settle(request: Request, failures: readonly Failure[], startedMs: number): void {
    const { retry, ordering, lineOf, clock, random, scheduler, emit } = this.#options;
    const nowMs = clock.monotonic();
    for (const [record] of failures) if (record.attempts++ === 0) record.firstAttemptMs = startedMs;
    const attempts = failures.reduce((most, [record]) => Math.max(most, record.attempts), 1);
    const delayMs = backoffDelay(retry.backoff, attempts - 1, random());
    const again: RecordInHand[] = [];
    const rejected = new Set<RecordInHand>();
    for (const [record, error] of failures) {
      const verdict = judge(record, error, retry, nowMs, delayMs);
      if (verdict.type === 'retry') again.push(record);
      else if (verdict.type === 'spent') {
        if (stillOwned(record)) record.giveBack({ reason: toErrorReport(error), attempts: record.attempts });
      } else {
        rejected.add(record);
        record.settle(verdict.reason);
      }
    }
    const misplaced = new Set(failures.flatMap(([record, error]) => (error instanceof RecordMisplacedError ? record : [])));
    const isPartial = failures.length < request.items.length || misplaced.size > 0;
    if (ordering !== 'none' && failures.length > rejected.size && isPartial) {
      const records = countPassed(request, lineOf, { failed: new Set(failures.map(([record]) => record)), rejected, misplaced });
      if (records > 0) emit({ type: 'records.reordered', records });
    }
    scheduler.settle(request, again.filter(stillOwned), nowMs + delayMs);
  }

  #reportPace(): void {
    const { pace, emit } = this.#options;
    emit({ type: 'request.adapted', timeoutSeconds: pace.timeoutMs / 1_000, maxRecords: pace.maxRecords });
  }
}

/** Records of a lane mostly come one behind the other. */
function ownersOf(records: readonly RecordInHand[]): ReadonlySet<LaneHold> {
  const owners = new Set<LaneHold>();
  let last: LaneHold | undefined;
  for (const { owner } of records) {
    if (owner !== last) owners.add(owner);
    last = owner;
  }
  return owners;
}

const NONE: ReadonlySet<RecordInHand> = new Set();

/** Whether a record that failed may be sent again. If not, and not for its own sake, its other lanes give back what they have in hand. */
function stillOwned({ owner }: RecordInHand): boolean {
  if (owner.isOpen) return true;
  owner.displaced();
  return false;
}
