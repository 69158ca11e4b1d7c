import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { watchLiveness } from './liveness.ts';

function watchOf(stuck: (afterSeconds: number) => readonly string[] = () => []) {
  const clock = new ManualClock();
  let skippedMs = 0;
  // As after a stall: timers that fell due meanwhile fire late, once.
  const stalling = { ...bind(clock), monotonic: () => clock.monotonic() + skippedMs };
  const watch = watchLiveness({ stuck, longestWaitMs: () => 60_000, clock: stalling });
  return { clock, watch, stall: (ms: number) => (skippedMs += ms) };
}

const bind = (clock: ManualClock) => ({
  now: () => clock.now(),
  setTimeout: clock.setTimeout.bind(clock),
  clearTimeout: clock.clearTimeout.bind(clock),
});

describe('liveness', () => {
  it('is there while the event loop goes round', () => {
    const { clock, watch } = watchOf();
    clock.advance(60_000);
    expect(watch.read()).toEqual({ live: true, reasons: [] });
    watch[Symbol.dispose]();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is gone while the event loop stands still, and for some seconds after', () => {
    const { clock, watch, stall } = watchOf();
    clock.advance(5_000);
    stall(9_000);
    expect(watch.read().live).toBe(true);
    stall(4_000);
    expect(watch.read()).toEqual({ live: false, reasons: ['the event loop stood still for 12 s'] });
    clock.advance(1_000);
    expect(watch.read()).toEqual({ live: false, reasons: ['the event loop stood still for 13 s'] });
    clock.advance(10_000);
    expect(watch.read().live).toBe(true);
  });

  it('is gone while something that has work does none for five minutes and what the configuration lets records wait', () => {
    const asked: number[] = [];
    const { watch } = watchOf((afterSeconds) => {
      asked.push(afterSeconds);
      return ['egress out has done nothing'];
    });
    expect(watch.read()).toEqual({ live: false, reasons: ['egress out has done nothing'] });
    expect(asked).toEqual([360]);
  });
});
