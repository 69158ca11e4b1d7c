import { ManualClock } from '@sluice/core/testing';
import type { DeadLettersMeasure } from '@sluice/queue';
import { describe, expect, it, vi } from 'vitest';
import { judge, type LimitState, nearestLimit, type Pausing } from './letter-limits.ts';
import { LetterWatch, type WatchEvent, type WatchedTargets } from './letter-watch.ts';

describe('limits of dead letters', () => {
  it.each<[string, Partial<DeadLettersMeasure>, { maxAgeMs?: number; maxBytes?: number }, LimitState | undefined]>([
    ['none', { bytes: 9, oldestAgeMs: 9 }, {}, undefined],
    ['of their age', { oldestAgeMs: 25 }, { maxAgeMs: 100 }, { limit: 'max_age', share: 0.25 }],
    ['of their bytes', { bytes: 150 }, { maxBytes: 100 }, { limit: 'max_bytes', share: 1.5 }],
    ['the nearer of two', { bytes: 60, oldestAgeMs: 50 }, { maxBytes: 100, maxAgeMs: 100 }, { limit: 'max_bytes', share: 0.6 }],
    ['the nearer of two', { bytes: 50, oldestAgeMs: 60 }, { maxBytes: 100, maxAgeMs: 100 }, { limit: 'max_age', share: 0.6 }],
  ])('are told by the share that is reached: %s', (_, measure, { maxAgeMs, maxBytes }, expected) => {
    expect(nearestLimit({ count: 1, bytes: 0, oldestAgeMs: 0, ...measure }, { maxAgeMs, maxBytes })).toEqual(expected);
  });

  it.each<[number | undefined, Pausing, ReturnType<typeof judge>]>([
    [0.999, 'none', 'stay'],
    [1, 'none', 'pause'],
    [1, 'limit', 'stay'],
    [1, 'operator', 'stay'],
    [0.9, 'limit', 'stay'],
    [0.899, 'limit', 'resume'],
    [0, 'operator', 'stay'],
    [undefined, 'limit', 'resume'],
    [undefined, 'none', 'stay'],
  ])('at %s of one, paused by %s: %s', (share, pausing, verdict) => {
    expect(judge(share === undefined ? undefined : { limit: 'max_age', share }, pausing)).toBe(verdict);
  });
});

describe('the watch over dead letters', () => {
  it('measures each target, warns at half of a limit, pauses the target at the whole, and resumes it when there is room', async () => {
    const { look, types, paused } = watchOf();
    await look(49);
    expect(types()).toEqual(['deadLetters.measured']);
    await look(50);
    await look(60);
    expect(types()).toEqual(['deadLetters.measured', 'deadLetters.growing', 'deadLetters.measured']);
    await look(100);
    expect(types()).toEqual(['deadLetters.measured', 'deadLetters.targetPaused']);
    await look(95);
    expect([types(), [...paused]]).toEqual([['deadLetters.measured'], [['t', 'limit']]]);
    await look(10);
    expect([types(), [...paused]]).toEqual([['deadLetters.measured', 'deadLetters.targetResumed'], []]);
    await look(50);
    expect(types()).toEqual(['deadLetters.measured', 'deadLetters.growing']);
  });

  it('says why it pauses, what was allowed and what to do', async () => {
    const { look, events } = watchOf();
    await look(120);
    expect(events.find(({ type }) => type === 'deadLetters.targetPaused')).toMatchObject({
      target: 't',
      limit: 'max_bytes',
      reason:
        '3 dead letters: they take 120 bytes of Redis, of 100 that `sluice.dead_letters.max_bytes` allows; redrive or remove them, or repair their output',
    });
  });

  it('leaves the pause of an operator alone', async () => {
    const { look, types, paused } = watchOf();
    paused.set('t', 'operator');
    await look(120);
    await look(0);
    expect(types().filter((type) => type.startsWith('deadLetters.target'))).toEqual([]);
    expect([...paused]).toEqual([['t', 'operator']]);
  });

  it('looks every ten seconds, also after it could not, and ends its measures with the lease', async () => {
    const { watch, targets, types } = watchOf();
    const clock = new ManualClock();
    const ending = new AbortController();
    let looks = 0;
    const measure = async () => {
      looks += 1;
      if (looks === 2) throw new Error('away');
      return targets(0).measure();
    };
    const running = watch.run({ ...targets(0), measure }, clock, ending.signal);
    for (const count of [1, 2, 3]) {
      await vi.waitFor(() => expect([looks, clock.pendingTimers]).toEqual([count, 1]));
      clock.advance(9_999);
      expect(clock.pendingTimers).toBe(1);
      if (count < 3) clock.advance(1);
    }
    ending.abort();
    await running;
    expect(types()).toEqual(['deadLetters.measured', 'deadLetters.measureFailed', 'deadLetters.measured', 'deadLetters.measureEnded']);
  });
});

/** Of one target, with a limit of 100 bytes. */
function watchOf() {
  const events: WatchEvent[] = [];
  const paused = new Map<string, Pausing>();
  const watch = new LetterWatch({ maxAgeMs: undefined, maxBytes: 100 }, (event) => void events.push(event));
  const targets = (bytes: number): WatchedTargets => ({
    measure: async () => new Map([['t', { count: 3, bytes, oldestAgeMs: 0 }]]),
    pausingOf: async (target) => paused.get(target) ?? 'none',
    pause: async (target) => void paused.set(target, 'limit'),
    resume: async (target) => void paused.delete(target),
  });
  const look = (bytes: number) => watch.look(targets(bytes));
  let told = 0;
  /** Those since the last call. */
  const types = () => {
    const since = events.slice(told).map(({ type }) => type);
    told = events.length;
    return since;
  };
  return { watch, targets, events, paused, look, types };
}
