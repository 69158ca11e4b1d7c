import { setImmediate } from 'node:timers/promises';
import { ManualClock } from '@sluice/core/testing';
import type { RedisSession } from '@sluice/redis';
import { describe, expect, it } from 'vitest';
import { LaneWatch } from './lane-watch.ts';

describe('LaneWatch', () => {
  it('wakes a lane within 20 ms of a push, however many lanes it watches with one look', async () => {
    const { watch, counters, pass, looks } = watchOf();
    const woken: string[] = [];
    for (const key of ['a', 'b']) void watch.until(key, 5, NEVER).then(() => woken.push(key));
    await pass(1_000);
    expect([woken, looks()]).toEqual([[], 50]);
    counters.set('b', 6);
    await pass(20);
    expect(woken).toEqual(['b']);
  });

  it('looks less and less often while its lanes are empty, and as often as before once one has something', async () => {
    const { watch, counters, pass, looks } = watchOf();
    const wakeOf = (knownId: number) => watch.until('a', knownId, NEVER);
    let woken = wakeOf(0);
    await pass(3_000);
    const atRest = looks();
    await pass(1_000);
    expect(looks() - atRest).toBe(10);
    await pass(28_000);
    const atLongRest = looks();
    await pass(1_000);
    expect(looks() - atLongRest).toBe(4);
    counters.set('a', 1);
    await pass(260);
    await woken;

    woken = wakeOf(1);
    const awake = looks();
    await pass(1_000);
    expect(looks() - awake).toBe(50);
  });

  it('wakes every lane when the connection is lost', async () => {
    const { watch, lose } = watchOf();
    const woken = Promise.all([watch.until('a', 0, NEVER), watch.until('b', 0, NEVER)]);
    lose();
    await woken;
  });

  it('ends with the reason of the signal', async () => {
    const { watch } = watchOf();
    const stopping = new AbortController();
    const waiting = watch.until('a', 0, stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(watch.until('a', 0, stopping.signal)).rejects.toThrow('enough');
  });
});

const NEVER = new AbortController().signal;

/** A watch of counters in memory. */
function watchOf() {
  const clock = new ManualClock();
  const counters = new Map<string, number>();
  const listeners: (() => void)[] = [];
  let looks = 0;
  const client = {
    mget: async (keys: readonly string[]) => {
      looks += 1;
      return keys.map((key) => counters.get(key) ?? null);
    },
  };
  const session = {
    epoch: 1,
    onLost: (listener: () => void) => listeners.push(listener),
    run: (_: number, command: (to: typeof client) => unknown) => command(client),
  } as unknown as RedisSession;
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 20) {
      clock.advance(20);
      await setImmediate();
    }
  };
  const lose = () => {
    for (const listener of listeners) listener();
  };
  return { watch: new LaneWatch(session, clock), counters, pass, lose, looks: () => looks };
}
