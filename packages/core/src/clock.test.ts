import { describe, expect, it } from 'vitest';
import { sleep } from './clock.ts';
import { ManualClock } from './testing/manual-clock.ts';

describe('sleep', () => {
  it('ends when the clock gets there', async () => {
    const clock = new ManualClock();
    const slept = sleep(clock, 100).then(() => 'slept');
    clock.advance(100);
    await expect(slept).resolves.toBe('slept');
  });

  it('ends at once with the reason of an abort, and leaves no timer behind', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const slept = sleep(clock, 100, controller.signal);
    controller.abort(new Error('stop'));
    await expect(slept).rejects.toThrow('stop');
    expect(clock.pendingTimers).toBe(0);
  });
});
