/**
 * What a worker reports of itself: it sums up telemetry events and publishes the sums every few seconds.
 *
 * Nothing here may disturb the worker. A report that cannot be written is skipped together with its counts, and one that is under way is not
 * overtaken by the next.
 */
import type { ActorNode } from '@sluice/actor-kit';
import { type Clock, sleep } from '@sluice/core';
import type { EventSink, TelemetryEvent } from '@sluice/telemetry';
import type { ProcessMeter } from '../figures/process-meter.ts';
import { WorkerFigures } from '../figures/worker-figures.ts';
import type { ReportStore } from '../reports/report-store.ts';
import type { WorkerReport } from '../worker-report.ts';

/** What stays the same while the worker runs. */
export type WorkerIdentity = Pick<WorkerReport, 'workerId' | 'app' | 'release' | 'host' | 'pid' | 'startedAtMs'>;

export interface StatusReporterOptions {
  readonly identity: WorkerIdentity;
  /** What changes, at the moment of a report. */
  readonly readNow: () => Pick<WorkerReport, 'operationsUrl' | 'ready' | 'state' | 'reasons'>;
  readonly readActors: () => ActorNode | undefined;
  /** Ends with the reporter. */
  readonly process: ProcessMeter;
  readonly clock: Clock;
}

const EVERY_MS = 5_000;
const EVERY_MS_WATCHED = 1_000;
/** How long a stop waits for Redis. */
const FAREWELL_MS = 500;
/** Rates over less than this say little. */
const LEAST_SECONDS = 0.1;

export class StatusReporter implements EventSink, Disposable {
  readonly #options: StatusReporterOptions;
  readonly #figures = new WorkerFigures();
  #takenAt: number;
  #last: WorkerReport | undefined;

  constructor(options: StatusReporterOptions) {
    this.#options = options;
    this.#takenAt = options.clock.monotonic();
  }

  emit(event: TelemetryEvent): void {
    this.#figures.emit(event);
  }

  /** The last report, with the readiness and actors of this moment. */
  read(): WorkerReport {
    const { readNow, readActors } = this.#options;
    const actors = readActors();
    return { ...(this.#last ?? this.#take().report), ...readNow(), ...(actors && { actors }) };
  }

  /**
   * What has had work for so long and has done nothing, in words. What waits for Redis or Kinesis, is paused, blocked or failing is not meant:
   * it will go on by itself.
   */
  stuck(afterSeconds: number): readonly string[] {
    return this.#figures.stuck(afterSeconds);
  }

  /** Publishes to that store until disposed, which removes the last report. */
  publishTo(store: ReportStore): AsyncDisposable {
    const { clock, readActors } = this.#options;
    let isWatched = false;
    let isStopped = false;
    let timer: unknown;
    let underWay: Promise<void> = Promise.resolve();
    const publish = async () => {
      try {
        const { report, counts } = this.#take();
        const actors = isWatched ? readActors() : undefined;
        isWatched = await store.publish({ ...report, ...(actors && { actors }) }, counts);
      } catch {
        // The next one may come through. While Redis does not answer, nobody here can do much.
        isWatched = false;
        this.#figures.forgetSilence();
      }
      if (!isStopped) timer = clock.setTimeout(next, isWatched ? EVERY_MS_WATCHED : EVERY_MS);
    };
    const next = () => {
      underWay = publish();
    };
    next();
    return {
      [Symbol.asyncDispose]: async () => {
        isStopped = true;
        clock.clearTimeout(timer);
        const farewell = underWay.then(() => this.#sayFarewell(store)).catch(() => undefined);
        const tooLong = new AbortController();
        await Promise.race([farewell, sleep(clock, FAREWELL_MS, tooLong.signal).catch(() => undefined)]);
        tooLong.abort();
      },
    };
  }

  [Symbol.dispose](): void {
    this.#options.process[Symbol.dispose]();
  }

  /** For the history: what happened since the last report. */
  async #sayFarewell(store: ReportStore): Promise<void> {
    const { report, counts } = this.#take();
    await store.publish(report, counts);
    await store.remove(report.workerId);
  }

  #take() {
    const { identity, readNow, process, clock } = this.#options;
    const now = clock.monotonic();
    const seconds = Math.max((now - this.#takenAt) / 1_000, LEAST_SECONDS);
    this.#takenAt = now;
    const { counts, ...figures } = this.#figures.take(seconds);
    const report: WorkerReport = { format: 1, ...identity, atMs: clock.now(), ...readNow(), process: process.take(seconds), ...figures };
    this.#last = report;
    return { report, counts };
  }
}
