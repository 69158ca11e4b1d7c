import type { FailureReport } from '../worker-report.ts';

/** Longest silence of something that fails, is tried again and fails again. After more of it somebody else has taken it over, or it was given up. */
const SILENT_SECONDS = 180;

/** Something beside the reading and writing that fails until it succeeds; its duration is counted from report to report. */
export class OngoingFailure {
  #report: FailureReport | undefined;
  #silentSeconds = 0;

  failed(failure: Omit<FailureReport, 'seconds'>): void {
    this.#report = { ...failure, seconds: this.#report?.seconds ?? 0 };
    this.#silentSeconds = 0;
  }

  ended(): void {
    this.#report = undefined;
  }

  /** What it is now, `seconds` after the last call; `undefined` where nothing fails. */
  take(seconds: number): FailureReport | undefined {
    if (!this.#report) return undefined;
    this.#silentSeconds += seconds;
    if (this.#silentSeconds > SILENT_SECONDS) this.ended();
    else this.#report = { ...this.#report, seconds: this.#report.seconds + seconds };
    return this.#report;
  }
}
