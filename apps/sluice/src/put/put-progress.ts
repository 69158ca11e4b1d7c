import { createLogUpdate } from 'log-update';
import { barOf } from '../terminal/bar.ts';
import { countText, durationText } from '../terminal/quantities.ts';

/** How far a put is. */
export interface PutState {
  /** Records that were stored by this call. */
  readonly stored: number;
  /** What part of all there is to do is done, 0 to 1; absent where nobody knows. */
  readonly done?: number;
  readonly elapsedMs: number;
}

const EVERY_MS = 100;

/** Redrawn in place on a terminal; silent elsewhere. */
export function createPutProgress(stream: NodeJS.WriteStream): { show(state: PutState): void; done(): void } {
  if (!stream.isTTY) return { show: () => undefined, done: () => undefined };
  const update = createLogUpdate(stream);
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(state) {
      if (state.elapsedMs - shownAt < EVERY_MS) return;
      shownAt = state.elapsedMs;
      update(progressLine(state));
    },
    done: () => update.clear(),
  };
}

/** `██████░░░░░░░░░░░░░░░░░░  12,000 records  1,950/s  about 4 s left`. */
export function progressLine({ stored, done, elapsedMs }: PutState): string {
  const rate = elapsedMs > 0 ? (stored * 1_000) / elapsedMs : 0;
  const parts = [`${countText(stored)} records`, `${countText(Math.round(rate))}/s`];
  if (done === undefined) return parts.join('  ');
  const left = done > 0 && done < 1 ? [`about ${durationText((elapsedMs / done) * (1 - done))} left`] : [];
  return [barOf(done, 1), ...parts, ...left].join('  ');
}
