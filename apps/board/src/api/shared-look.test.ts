import { type Clock, systemClock } from '@sluice/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { SharedLook } from './shared-look.ts';

describe('SharedLook', () => {
  let nowMs = 0;
  let looks: PromiseWithResolvers<string>[] = [];
  const clock: Clock = { ...systemClock, monotonic: () => nowMs };
  const create = () =>
    new SharedLook(
      () => {
        looks.push(Promise.withResolvers<string>());
        return looks.at(-1)!.promise;
      },
      { forMs: 1_000, clock },
    );

  beforeEach(() => {
    [nowMs, looks] = [0, []];
  });

  it('looks once a second, however many ask', async () => {
    const shared = create();
    const first = [shared.get(), shared.get()];
    looks[0]!.resolve('a');
    expect(await Promise.all(first)).toEqual(['a', 'a']);
    nowMs = 999;
    expect(await shared.get()).toBe('a');
    nowMs = 1_000;
    const next = shared.get();
    looks[1]!.resolve('b');
    expect([await next, looks.length]).toEqual(['b', 2]);
  });

  it('has one look at a time, however long it takes', async () => {
    const shared = create();
    const first = shared.get();
    nowMs = 60_000;
    const second = shared.get();
    looks[0]!.resolve('a');
    expect([await first, await second, looks.length]).toEqual(['a', 'a', 1]);
  });

  it('looks again after a look that failed', async () => {
    const shared = create();
    const first = shared.get();
    looks[0]!.reject(new Error('no redis'));
    await expect(first).rejects.toThrow('no redis');
    const second = shared.get();
    looks[1]!.resolve('a');
    expect(await second).toBe('a');
  });
});
