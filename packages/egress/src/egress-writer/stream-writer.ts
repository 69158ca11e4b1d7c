/**
 * One stream of an egress whose records name it: looks for the stream, then writes to it.
 *
 *     looking ──found──▶ writing ──a request says that it is gone──▶ writing and looking
 *        ▲ └── not found, not reachable: after a pause ──┘
 *
 * A stream counts as missing only after several looks in a row have not found it, since the control plane may lag behind. From then on its
 * records are rejected, each after a look that is younger than the record. A stream that cannot be reached is a failed attempt for each
 * record that waits for it, and is judged as a failed request is. Neither concerns the records of other streams.
 */
import { backoffDelay, type Clock, type Logger, SluiceError, sleep, toErrorReport } from '@sluice/core';
import { StreamNotFoundError } from '@sluice/kinesis';
import { NamedStreamMissingError } from '../errors.ts';
import { isOutage, judge, type RetryRules } from './failure-policy.ts';
import { involves, type LaneHold } from './lane-hold.ts';
import type { RecordInHand } from './record-in-hand.ts';
import type { RecordWriter, WriterHealth } from './record-writer.ts';
import type { ResolvedStream } from './resolve-stream.ts';

export interface StreamWriterOptions {
  /** As its records name it. */
  readonly stream: string;
  /** Looks for it. Rejects with {@link StreamNotFoundError} where it is not. */
  readonly find: (signal: AbortSignal) => Promise<ResolvedStream>;
  /** `onNotFound` is called after each request that says that the stream is not there. */
  readonly openWriter: (stream: ResolvedStream, onNotFound: () => void) => RecordWriter;
  readonly retry: RetryRules;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly report: (health: WriterHealth) => void;
}

/** Looks in a row without finding a stream before it counts as missing. */
const LOOKS = 3;
/** Least pause between two of them, and how long the earlier ones count. */
const LOOK_PAUSE_MS = 3_000;
const LOOKS_COUNT_FOR_MS = 60_000;

export class StreamWriter {
  readonly #options: StreamWriterOptions;
  /** Records that came before the stream was found, in their order. */
  readonly #waiting = new Set<RecordInHand>();
  readonly #stopping = new AbortController();
  #writer: RecordWriter | undefined;
  #isLooking = false;
  /** Looks in a row that have not found it. */
  #misses = 0;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: StreamWriterOptions) {
    this.#options = options;
  }

  accept(records: readonly RecordInHand[]): void {
    if (this.#writer) {
      this.#writer.accept(records);
      return;
    }
    for (const record of records) this.#waiting.add(record);
    this.#look();
  }

  async withdraw(lane: LaneHold): Promise<void> {
    for (const record of this.#waiting) if (involves(record.owner, lane)) this.#waiting.delete(record);
    await this.#writer?.withdraw(lane);
  }

  giveUp(lane: LaneHold): void {
    this.#writer?.giveUp(lane);
  }

  flush(mechanism: 'shutdown' | 'memory'): void {
    this.#writer?.flush(mechanism);
  }

  /** Whether it has nothing to do. */
  get isIdle(): boolean {
    return !this.#isLooking && !this.#isWanted;
  }

  /** No further look or request starts, and those under way end, whatever becomes of them. */
  stop(): void {
    this.#stopping.abort(new Error('the writer was stopped'));
  }

  get #isWanted(): boolean {
    return this.#waiting.size > 0 || this.#writer?.isIdle === false;
  }

  #open(found: ResolvedStream): void {
    const writer = this.#options.openWriter(found, () => this.#look());
    const stop = writer.run(this.#options.report);
    this.#stopping.signal.addEventListener('abort', stop, { once: true });
    this.#writer = writer;
    const records = [...this.#waiting];
    this.#waiting.clear();
    writer.accept(records);
  }

  /** Looks for the stream until it is found, or nothing waits for it. */
  #look(): void {
    if (this.#isLooking || this.#stopping.signal.aborted) return;
    this.#isLooking = true;
    this.#lookWhileWanted(this.#stopping.signal).catch((error: unknown) => {
      this.#isLooking = false;
      if (!this.#stopping.signal.aborted) this.#options.report({ type: 'requests.broken', error });
    });
  }

  async #lookWhileWanted(signal: AbortSignal): Promise<void> {
    const { clock, find } = this.#options;
    const sinceLookMs = clock.monotonic() - this.#lookedAtMs;
    if (sinceLookMs > LOOKS_COUNT_FOR_MS) this.#misses = 0;
    let pauseMs = this.#misses > 0 ? LOOK_PAUSE_MS - sinceLookMs : 0;
    for (let failures = 0; this.#isWanted; failures++) {
      if (pauseMs > 0) await sleep(clock, pauseMs, signal);
      const asked = [...this.#waiting];
      this.#lookedAtMs = clock.monotonic();
      try {
        this.#found(await find(signal));
        break;
      } catch (error) {
        signal.throwIfAborted();
        pauseMs = this.#notFound(asked, error, failures);
      }
    }
    this.#isLooking = false;
  }

  #found(stream: ResolvedStream): void {
    this.#misses = 0;
    this.#options.report({ type: 'requests.answered' });
    if (!this.#writer) this.#open(stream);
  }

  /** Answers the pause before the next look. @param asked records that waited when the look began */
  #notFound(asked: readonly RecordInHand[], error: unknown, failures: number): number {
    if (!(error instanceof SluiceError)) throw error;
    if (error instanceof StreamNotFoundError) {
      this.#misses++;
      if (this.#misses <= LOOKS) this.#warn(error);
      if (this.#misses >= LOOKS) this.#reject(asked, new NamedStreamMissingError(this.#options.stream, this.#misses));
      return LOOK_PAUSE_MS;
    }
    if (error.disposition === 'retry') return this.#unreachable(asked, error, failures);
    this.#reject(asked, error);
    return LOOK_PAUSE_MS;
  }

  #warn({ message: reason }: StreamNotFoundError): void {
    const { stream, logger } = this.#options;
    const isMissing = this.#misses === LOOKS;
    logger.warn(isMissing ? 'stream does not exist: its records become dead letters' : 'stream was not found; looking again', {
      stream,
      reason,
    });
  }

  #reject(asked: readonly RecordInHand[], reason: SluiceError): void {
    for (const record of asked) if (this.#waiting.delete(record)) record.settle(reason);
    this.#writer?.reject(reason);
  }

  #unreachable(asked: readonly RecordInHand[], error: SluiceError, failures: number): number {
    const { retry, clock, random, report } = this.#options;
    const nowMs = clock.monotonic();
    const delayMs = backoffDelay(retry.backoff, failures, random());
    if (this.#writer) return delayMs;
    if (isOutage(error)) report({ type: 'requests.failing', error });
    for (const record of asked) {
      if (!this.#waiting.has(record)) continue;
      if (record.attempts++ === 0) record.firstAttemptMs = this.#lookedAtMs;
      const verdict = judge(record, error, retry, nowMs, delayMs);
      if (verdict.type === 'retry') continue;
      this.#waiting.delete(record);
      if (verdict.type === 'reject') record.settle(verdict.reason);
      else if (record.owner.isOpen) record.giveBack({ reason: toErrorReport(error), attempts: record.attempts });
    }
    return delayMs;
  }
}
