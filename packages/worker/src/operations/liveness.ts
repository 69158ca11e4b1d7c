/**
 * Whether a restart would help: the event loop stood still, or something that has work does none. Waiting for Redis or Kinesis is what a
 * worker is meant to do while they are away, and is never a reason.
 */
import type { Clock } from '@sluice/core';

/** What `/live` answers, with 200 where `live` is true and 503 otherwise. */
export interface Liveness {
  readonly live: boolean;
  /** Why not, in words. */
  readonly reasons: readonly string[];
}

export interface LivenessOptions {
  /** What has had work for so long and has done nothing. */
  readonly stuck: (afterSeconds: number) => readonly string[];
  /** For how long records may wait by configuration before anything is done with them, milliseconds. */
  readonly longestWaitMs: () => number;
  readonly clock: Clock;
}

export interface LivenessWatch extends Disposable {
  read(): Liveness;
}

const STUCK_AFTER_MS = 300_000;
const BEAT_MS = 1_000;
/** A stall of that length counts, until as much time has passed since its end. */
const STALL_MS = 10_000;

export function watchLiveness({ stuck, longestWaitMs, clock }: LivenessOptions): LivenessWatch {
  let beatAt = clock.monotonic();
  let stall = { ms: 0, endedAt: beatAt };
  let timer: unknown;
  const beat = () => {
    const now = clock.monotonic();
    const ms = now - beatAt - BEAT_MS;
    if (ms >= STALL_MS) stall = { ms, endedAt: now };
    beatAt = now;
    timer = clock.setTimeout(beat, BEAT_MS);
  };
  timer = clock.setTimeout(beat, BEAT_MS);
  return {
    read() {
      const now = clock.monotonic();
      const standing = now - beatAt - BEAT_MS;
      const stallMs = standing >= STALL_MS ? standing : now - stall.endedAt < STALL_MS ? stall.ms : 0;
      const reasons = [
        ...(stallMs > 0 ? [`the event loop stood still for ${Math.round(stallMs / 1_000)} s`] : []),
        ...stuck((STUCK_AFTER_MS + longestWaitMs()) / 1_000),
      ];
      return { live: reasons.length === 0, reasons };
    },
    [Symbol.dispose]: () => clock.clearTimeout(timer),
  };
}
