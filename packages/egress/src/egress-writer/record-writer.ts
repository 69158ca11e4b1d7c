/**
 * The data plane of an egress: takes records from lanes, batches them, and keeps up to `maxInFlight` requests open until each record is
 * written, rejected, or left to its lane. It acknowledges nothing itself; each record's ack handle learns what became of it.
 *
 * A request starts only while it has the leases of all its lanes, and ends before one of them does. A lane that is no longer open still
 * learns the results of what is in flight, but nothing of it is sent again.
 */
import type { Clock, SluiceError } from '@sluice/core';
import type { KinesisSink } from '@sluice/kinesis';
import type { Tracing, WriterEvent } from '@sluice/telemetry';
import type { LiveShards } from '../shard-budget/live-shards.ts';
import type { StreamBudget } from '../shard-budget/stream-budget.ts';
import { BudgetWaits } from './budget-waits.ts';
import { Circuit } from './circuit.ts';
import type { RetryRules } from './failure-policy.ts';
import { InFlight } from './in-flight.ts';
import { askedOnce, involves, type LaneHold } from './lane-hold.ts';
import { LEASE_MARGIN_MS } from './lease-watch.ts';
import { type AggregationRules, PackingDraft } from './packing-draft.ts';
import type { RecordInHand } from './record-in-hand.ts';
import { RecordIntake, type RecordIntakeSettings } from './record-intake.ts';
import type { RecordLimit } from './record-limit.ts';
import { type LargeRecordStore, RecordOffload } from './record-offload.ts';
import { RecordScheduler, type RequestLimits, TOGETHER } from './record-scheduler.ts';
import { type DraftLimits, PlainDraft } from './request-draft.ts';
import { type Request, RequestExchange } from './request-exchange.ts';
import { RequestPace } from './request-pace.ts';
import type { RequestSlots } from './request-slots.ts';
import { outputLineOf } from './source-lines.ts';

export interface RecordWriterSettings extends RecordIntakeSettings {
  /** Name or ARN of the destination. */
  readonly stream: string;
  readonly limits: RequestLimits;
  /** `undefined`: each record is one for Kinesis too. */
  readonly aggregation: AggregationRules | undefined;
  readonly maxInFlight: number;
  readonly retry: RetryRules;
  /** Ends a request that is not answered. Grows after time-outs, up to `maxRequestTimeoutMs`. */
  readonly requestTimeoutMs: number;
  readonly maxRequestTimeoutMs: number;
}

export interface RecordWriterPorts {
  readonly sink: Pick<KinesisSink, 'putRecords'>;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Where the data of records go that are too large for the stream; `undefined`: such records are rejected. */
  readonly largeRecords?: LargeRecordStore | undefined;
  readonly tracing?: Tracing | undefined;
  readonly emit: (event: WriterEvent) => void;
  /** Of the stream, for a record. The writer runs it. */
  readonly limit: RecordLimit;
  /** Shared with the other writers of the egress. */
  readonly slots: RequestSlots;
  /** Of the stream's shards; `undefined`: nothing is paced. */
  readonly budget?: StreamBudget | undefined;
  /** Of the stream; `undefined`: not known, so containers hold one key each. */
  readonly shards?: LiveShards | undefined;
}

/** How its requests fare, reported when that changes. */
export type WriterHealth =
  | { readonly type: 'requests.failing'; readonly error: SluiceError }
  | { readonly type: 'requests.answered' }
  /** A bug. */
  | { readonly type: 'requests.broken'; readonly error: unknown };

/**
 * Requests that may be open before one waits to be full. A request costs about as much as fifty records in it; while four are under way,
 * what arrives in the meantime shares the next one, and is hardly later for it.
 */
const EAGER_REQUESTS = 4;
/** How often to look whether a lane that could not send has had its lease renewed. */
const HELD_POLL_MS = 50;

export class RecordWriter {
  readonly #settings: RecordWriterSettings;
  readonly #clock: Clock;
  readonly #intake: RecordIntake;
  readonly #scheduler: RecordScheduler<LaneHold, RecordInHand, Request>;
  readonly #circuit: Circuit;
  readonly #pace: RequestPace;
  readonly #exchange: RequestExchange;
  readonly #slots: RequestSlots;
  readonly #budget: StreamBudget | undefined;
  readonly #limit: RecordLimit;
  readonly #inFlight = new InFlight();
  readonly #budgetWaits: BudgetWaits;
  readonly #emit: (event: WriterEvent) => void;
  readonly #stopping = new AbortController();
  #report: (health: WriterHealth) => void = () => undefined;
  #isFailing = false;
  #timer: unknown;
  readonly #pumpAgain = () => this.#pump();

  constructor(settings: RecordWriterSettings, ports: RecordWriterPorts) {
    this.#settings = settings;
    this.#clock = ports.clock;
    this.#emit = ports.emit;
    this.#slots = ports.slots;
    this.#budget = ports.budget;
    this.#limit = ports.limit;
    const { largeRecords: store } = ports;
    this.#intake = new RecordIntake(settings, {
      offload: store && new RecordOffload({ ...ports, store, retry: settings.retry }),
      nowMs: () => this.#clock.monotonic(),
      emit: ports.emit,
      limit: ports.limit,
      onReady: (records) => {
        this.#schedule(records);
        this.#pump();
      },
      onFailed: (error) => this.#report({ type: 'requests.broken', error }),
    });
    const outletOf = ports.budget && ((record: RecordInHand) => ports.budget!.outletOf(record));
    const lineOf = outputLineOf(settings.ordering, settings.processing?.batches !== undefined);
    this.#scheduler = new RecordScheduler(settings.ordering, settings.limits, outletOf, lineOf, draftsOf(settings, ports));
    this.#budgetWaits = new BudgetWaits(() => this.#scheduler.waitingForBudget, ports.emit);
    this.#circuit = new Circuit(settings.retry.backoff);
    this.#pace = new RequestPace({ ...settings, maxRecords: settings.limits.maxRecords });
    const { stream, retry, ordering } = settings;
    const parts = { lineOf, scheduler: this.#scheduler, circuit: this.#circuit, pace: this.#pace };
    const onOutcome = (outage: SluiceError | undefined) => this.#noteOutcome(outage);
    const offloads = store !== undefined;
    this.#exchange = new RequestExchange({ stream, retry, ordering, ...parts, ...ports, offloads, onOutcome });
  }

  /** Reports how requests fare. Answers the way to stop: no further request starts, and those in flight end, whatever becomes of them. */
  run(report: (health: WriterHealth) => void): () => void {
    this.#report = report;
    const packs = this.#settings.aggregation !== undefined;
    const stopBudget = this.#budget?.run({
      // Records that share one for Kinesis need budget for bytes only.
      replenish: (outlet, grant) => this.#scheduler.replenish(outlet, grant && packs ? { ...grant, records: TOGETHER } : grant),
      resume: () => this.#pump(),
    });
    const stopLimit = this.#limit.run();
    return () => {
      stopBudget?.();
      stopLimit();
      this.#clock.clearTimeout(this.#timer);
      this.#intake.stop();
      this.#stopping.abort(new Error('the writer was stopped'));
    };
  }

  /** Takes over records of open lanes, in the order of their lanes. */
  accept(records: readonly RecordInHand[]): void {
    try {
      this.#schedule(this.#intake.accept(records, this.#clock.monotonic()));
    } catch (error) {
      // A bug, or a `crash` processor: the lane would only bring the records again.
      this.#report({ type: 'requests.broken', error });
      return;
    }
    this.#pump();
  }

  /** Lets an incomplete batch leave: at shutdown, or when there is no room for the rest of it. */
  flush(mechanism: 'shutdown' | 'memory'): void {
    this.#flushBatch(this.#clock.monotonic(), mechanism);
    this.#pump();
  }

  /** Takes back all that waits of a lane, which is no longer open, and resolves once nothing of it is in flight. */
  async withdraw(lane: LaneHold): Promise<void> {
    this.#intake.withdraw(lane);
    for (const { owner } of this.#scheduler.withdraw((owner) => involves(owner, lane))) owner.displaced();
    await this.#inFlight.whenQuiet(lane);
  }

  /** Rejects all that waits. What is in flight ends as it does, and waits again where it failed. */
  reject(reason: SluiceError): void {
    this.#flushBatch(this.#clock.monotonic());
    for (const record of this.#scheduler.withdraw(() => true)) record.settle(reason);
  }

  /** Counts what is in flight of a lane as unknown: it is handed back, and so may be written twice. */
  giveUp(lane: LaneHold): void {
    const records = this.#inFlight.count(lane);
    if (records > 0) this.#emit({ type: 'request.ambiguous', records });
  }

  /** Whether nothing waits and nothing is in flight. */
  get isIdle(): boolean {
    return this.#scheduler.waiting === 0 && this.#scheduler.inFlight === 0 && this.#intake.isEmpty;
  }

  #schedule(records: readonly RecordInHand[]): void {
    for (const record of records) this.#scheduler.add(record);
  }

  #flushBatch(nowMs: number, mechanism?: 'shutdown' | 'memory'): void {
    try {
      this.#schedule(this.#intake.flush(nowMs, mechanism));
    } catch (error) {
      this.#report({ type: 'requests.broken', error });
    }
  }

  /** Starts what may start now. One look at the clock serves the whole pass, so that nothing becomes due between two of them unseen. */
  #pump(): void {
    const nowMs = this.#clock.monotonic();
    if (this.#intake.isDue(nowMs)) this.#flushBatch(nowMs);
    const canSend = askedOnce((owner) => owner.canSend(LEASE_MARGIN_MS));
    while (this.#canStart(nowMs)) {
      const request = this.#scheduler.next(nowMs, canSend, this.#pace.maxRecords);
      if (!request) break;
      void this.#send(request);
    }
    this.#budget?.borrow(nowMs);
    if (this.#budget) this.#budgetWaits.look(nowMs);
    this.#armTimer(nowMs);
  }

  async #send(request: Request): Promise<void> {
    this.#inFlight.add(request.items);
    this.#slots.take();
    try {
      await this.#exchange.send({ request, stopping: this.#stopping.signal });
    } catch (error) {
      this.#report({ type: 'requests.broken', error });
    }
    this.#inFlight.remove(request.items);
    this.#slots.release();
    this.#pump();
  }

  #canStart(nowMs: number): boolean {
    if (!this.#hasRoom() || !this.#isWorthARequest() || this.#stopping.signal.aborted || this.#circuit.opensAtMs > nowMs) return false;
    return this.#scheduler.waiting > 0 && this.#slots.hasRoom(this.#pumpAgain);
  }

  #isWorthARequest(): boolean {
    return this.#scheduler.inFlight < EAGER_REQUESTS || this.#scheduler.waiting >= this.#pace.maxRecords;
  }

  #hasRoom(): boolean {
    return this.#scheduler.inFlight < this.#circuit.allowedInFlight(this.#settings.maxInFlight);
  }

  #armTimer(nowMs: number): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#stopping.signal.aborted) return;
    const wakeAtMs = Math.min(this.#intake.wakesAtMs, this.#schedulerWakesAtMs(nowMs));
    if (wakeAtMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#clock.setTimeout(() => this.#pump(), Math.max(1, Math.ceil(wakeAtMs - nowMs)));
  }

  /** When the scheduler may have something again that no event announces; the end of a request announces itself. */
  #schedulerWakesAtMs(nowMs: number): number {
    if (this.#scheduler.waiting === 0 || !this.#hasRoom() || !this.#slots.hasRoom(this.#pumpAgain)) return Number.POSITIVE_INFINITY;
    if (this.#circuit.opensAtMs > nowMs) return this.#circuit.opensAtMs;
    const heldMs = this.#scheduler.isHolding ? nowMs + HELD_POLL_MS : Number.POSITIVE_INFINITY;
    return Math.min(heldMs, this.#scheduler.nextDueMs ?? Number.POSITIVE_INFINITY);
  }

  #noteOutcome(outage: SluiceError | undefined): void {
    const isFailing = outage !== undefined;
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    this.#report(outage ? { type: 'requests.failing', error: outage } : { type: 'requests.answered' });
  }
}

/** How requests are filled. */
function draftsOf(
  { aggregation, ordering }: RecordWriterSettings,
  { shards, limit }: RecordWriterPorts,
): (limits: DraftLimits) => PlainDraft<RecordInHand> | PackingDraft {
  if (!aggregation) return (limits) => new PlainDraft(limits);
  return (limits) => {
    const rules = { ...aggregation, maxBytes: Math.min(aggregation.maxBytes, limit.bytes), keepsLines: ordering === 'shard' };
    return new PackingDraft(rules, limits, shards?.isInDoubt === false ? shards : undefined);
  };
}
