/**
 * Measures the dead letters of each target and holds them to the limits: it warns at half of one, and at the whole it pauses the target, as
 * an operator would, so that nothing is taken that could become a dead letter. It takes its own pauses back once there is room again.
 */
import { type Clock, sleep, toErrorReport } from '@sluice/core';
import type { DeadLettersMeasure } from '@sluice/queue';
import { judge, type LetterLimits, type LimitState, nearestLimit, type Pausing, WARNING_SHARE } from './letter-limits.ts';

/** The installation, as far as limits concern it. */
export interface WatchedTargets {
  /** Of every target. */
  measure(): Promise<ReadonlyMap<string, DeadLettersMeasure>>;
  pausingOf(target: string): Promise<Pausing>;
  pause(target: string, reason: string): Promise<void>;
  resume(target: string): Promise<void>;
}

export type WatchEvent =
  | {
      readonly type: 'deadLetters.measured';
      readonly target: string;
      readonly records: number;
      readonly bytes: number;
      readonly seconds: number;
      readonly share?: number;
    }
  | { readonly type: 'deadLetters.measureEnded'; readonly target: string }
  | { readonly type: 'deadLetters.growing'; readonly target: string; readonly limit: string; readonly reason: string }
  | { readonly type: 'deadLetters.targetPaused'; readonly target: string; readonly limit: string; readonly reason: string }
  | { readonly type: 'deadLetters.targetResumed'; readonly target: string }
  | { readonly type: 'deadLetters.measureFailed'; readonly code: string; readonly reason: string };

const PERIOD_MS = 10_000;

export class LetterWatch {
  readonly #limits: LetterLimits;
  readonly #emit: (event: WatchEvent) => void;
  readonly #measured = new Set<string>();
  /** Targets that were warned of, and have not fallen below since. */
  readonly #warned = new Set<string>();

  constructor(limits: LetterLimits, emit: (event: WatchEvent) => void) {
    this.#limits = limits;
    this.#emit = emit;
  }

  /** Looks every ten seconds, also after it could not, until the signal is aborted. */
  async run(targets: WatchedTargets, clock: Clock, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(targets).catch((error: unknown) => {
        const { code, message } = toErrorReport(error);
        this.#emit({ type: 'deadLetters.measureFailed', code, reason: message });
      });
      await sleep(clock, PERIOD_MS, signal).catch(() => undefined);
    }
    this.#end();
  }

  async look(targets: WatchedTargets): Promise<void> {
    for (const [target, measure] of await targets.measure()) {
      const state = nearestLimit(measure, this.#limits);
      const { count: records, bytes, oldestAgeMs } = measure;
      const share = state && { share: state.share };
      this.#emit({ type: 'deadLetters.measured', target, records, bytes, seconds: oldestAgeMs / 1_000, ...share });
      this.#measured.add(target);
      if (state) this.#warn(target, state, measure);
      await this.#hold(targets, target, state, measure);
    }
  }

  /** Another worker measures them from now on. */
  #end(): void {
    for (const target of this.#measured) this.#emit({ type: 'deadLetters.measureEnded', target });
    this.#measured.clear();
    this.#warned.clear();
  }

  #warn(target: string, { limit, share }: LimitState, measure: DeadLettersMeasure): void {
    if (share < WARNING_SHARE) this.#warned.delete(target);
    else if (!this.#warned.has(target)) {
      this.#warned.add(target);
      this.#emit({ type: 'deadLetters.growing', target, limit, reason: reasonOf(limit, measure, this.#limits) });
    }
  }

  async #hold(targets: WatchedTargets, target: string, state: LimitState | undefined, measure: DeadLettersMeasure): Promise<void> {
    const verdict = judge(state, await targets.pausingOf(target));
    if (verdict === 'resume') {
      await targets.resume(target);
      this.#emit({ type: 'deadLetters.targetResumed', target });
    }
    if (verdict !== 'pause') return;
    const { limit } = state!;
    const reason = reasonOf(limit, measure, this.#limits);
    await targets.pause(target, reason);
    this.#emit({ type: 'deadLetters.targetPaused', target, limit, reason });
  }
}

function reasonOf(
  limit: LimitState['limit'],
  { count, bytes, oldestAgeMs }: DeadLettersMeasure,
  { maxAgeMs, maxBytes }: LetterLimits,
): string {
  const facts =
    limit === 'max_age'
      ? `the oldest is ${Math.round(oldestAgeMs / 1_000)} s old, of ${maxAgeMs! / 1_000} s`
      : `they take ${bytes} bytes of Redis, of ${maxBytes}`;
  return `${count} dead letters: ${facts} that \`sluice.dead_letters.${limit}\` allows; redrive or remove them, or repair their output`;
}
