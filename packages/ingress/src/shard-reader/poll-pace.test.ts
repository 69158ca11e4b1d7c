import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { PollPace } from './poll-pace.ts';

describe('PollPace', () => {
  it('is as quick as the user allows while nothing is throttled', () => {
    const pace = new PollPace(200);
    for (let now = 0; now < 10_000; now += 200) pace.arrived(now);
    expect(pace.intervalMs).toBe(200);
  });

  it('stays away, for a minute, from the pace at which it was throttled, and then tries it again', () => {
    const pace = new PollPace(200);
    pace.throttled(0);
    expect(pace.intervalMs).toBe(400);
    const intervals = [];
    for (let now = 400; now < 120_000; now += pace.intervalMs) {
      pace.arrived(now);
      intervals.push([now < 60_000, pace.intervalMs]);
    }
    expect(Math.min(...intervals.filter(([isEarly]) => isEarly).map(([, ms]) => Number(ms)))).toBe(250);
    expect(pace.intervalMs).toBe(200);
  });

  it('takes only the first of several in a row for a pace that was too quick', () => {
    const pace = new PollPace(200);
    for (let call = 0; call < 6; call++) pace.throttled(call * 1_000);
    expect(pace.intervalMs).toBe(5_000);
    for (let page = 0; page < 40; page++) pace.arrived(6_000 + page * 100);
    expect(pace.intervalMs).toBe(250);
  });

  it('lets three that poll a shard have nearly all its calls, and hardly be throttled', () => {
    const learned = poll(3, () => new PollPace(200));
    const forgetful = poll(3, () => new Forgetful());
    expect(learned.answered / 600).toBeGreaterThan(3.5);
    expect(learned.throttled / learned.answered).toBeLessThan(0.05);
    expect(learned.throttled).toBeLessThan(forgetful.throttled / 2);
  });
});

/** The same without a memory. */
class Forgetful {
  intervalMs = 200;
  throttled(): void {
    this.intervalMs = Math.min(this.intervalMs * 2, 5_000);
  }
  arrived(): void {
    this.intervalMs = Math.max(200, this.intervalMs * 0.9);
  }
}

/** Ten minutes of a shard that allows five calls a second. */
function poll(pollers: number, paceOf: () => Pick<PollPace, 'intervalMs' | 'throttled' | 'arrived'>) {
  const { next } = randomFor('polling of a shard');
  const all = Array.from({ length: pollers }, () => ({ pace: paceOf(), atMs: next() * 1_000 }));
  const calls: number[] = [];
  let [answered, throttled] = [0, 0];
  for (let now = 0; now < 600_000; now += 5) {
    for (const each of all.filter(({ atMs }) => atMs <= now)) {
      while (calls.length > 0 && calls[0]! <= now - 1_000) calls.shift();
      if (calls.length < 5) {
        calls.push(now);
        answered++;
        each.pace.arrived(now);
      } else {
        throttled++;
        each.pace.throttled(now);
      }
      each.atMs = now + each.pace.intervalMs + next() * 10;
    }
  }
  return { answered, throttled };
}
