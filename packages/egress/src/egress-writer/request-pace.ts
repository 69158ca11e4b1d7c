/**
 * How long a request may take and how many records it carries, after what the endpoint has shown. Pure.
 *
 * A time-out makes the next requests smaller and more patient, so that an endpoint or a link that is slow is not sent the same again and
 * again. Answers in a row lead back, step by step, and each further time-out makes that slower: a step that fails repeats records.
 */
export interface PaceRules {
  /** Most records in a request. */
  readonly maxRecords: number;
  /** Ends a request that is not answered, at first. */
  readonly requestTimeoutMs: number;
  /** What the time-out may grow to; the same where the configuration sets it. */
  readonly maxRequestTimeoutMs: number;
}

/** Answers in a row before a step back to full speed. */
const FIRST_PROBE = 20;
const LAST_PROBE = 1_280;
/** A time-out is reduced only where answers take less than this part of it. */
const QUICK = 0.25;

export class RequestPace {
  readonly #rules: PaceRules;
  #timeoutMs: number;
  #maxRecords: number;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #answersNeeded = FIRST_PROBE;
  #answers = 0;
  #slowestMs = 0;

  constructor(rules: PaceRules) {
    this.#rules = rules;
    this.#timeoutMs = rules.requestTimeoutMs;
    this.#maxRecords = rules.maxRecords;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  get maxRecords(): number {
    return this.#maxRecords;
  }

  /** A request was not answered in time. Answers whether the pace changed: those that started before the last change change nothing. */
  timedOut(request: { readonly records: number; readonly startedMs: number }, nowMs: number): boolean {
    if (request.startedMs < this.#changedAtMs) return false;
    const maxRecords = Math.max(1, Math.min(this.#maxRecords, Math.ceil(request.records / 2)));
    const timeoutMs = Math.min(this.#timeoutMs * 2, Math.max(this.#timeoutMs, this.#rules.maxRequestTimeoutMs));
    this.#answersNeeded = Math.min(this.#answersNeeded * 2, LAST_PROBE);
    return this.#change(timeoutMs, maxRecords, nowMs);
  }

  /** A request was answered after `tookMs`. Answers whether the pace changed. */
  answered(tookMs: number, nowMs: number): boolean {
    if (this.#isAtFullSpeed()) return false;
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
    if (++this.#answers < this.#answersNeeded) return false;
    const isQuick = this.#slowestMs < this.#timeoutMs * QUICK;
    const maxRecords = Math.min(this.#maxRecords * 2, this.#rules.maxRecords);
    const timeoutMs = isQuick ? Math.max(this.#timeoutMs / 2, this.#rules.requestTimeoutMs) : this.#timeoutMs;
    const hasChanged = this.#change(timeoutMs, maxRecords, nowMs);
    if (this.#isAtFullSpeed()) this.#answersNeeded = FIRST_PROBE;
    return hasChanged;
  }

  #isAtFullSpeed(): boolean {
    return this.#maxRecords === this.#rules.maxRecords && this.#timeoutMs === this.#rules.requestTimeoutMs;
  }

  #change(timeoutMs: number, maxRecords: number, nowMs: number): boolean {
    this.#answers = 0;
    this.#slowestMs = 0;
    if (timeoutMs === this.#timeoutMs && maxRecords === this.#maxRecords) return false;
    this.#timeoutMs = timeoutMs;
    this.#maxRecords = maxRecords;
    this.#changedAtMs = nowMs;
    return true;
  }
}
