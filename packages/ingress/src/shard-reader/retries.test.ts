import { KinesisUnavailableError } from '@sluice/kinesis';
import { describe, expect, it } from 'vitest';
import { toPromise, waitFor } from 'xstate';
import { after, page, readerOf, throttled } from '../testing/shard-reader-rig.ts';
import { areRetriesSpent, retryMs } from './pauses.ts';

const numbers = { baseMs: 300, maxMs: 1_000, factor: 1.5, maxRetries: undefined };

describe("a user's retry numbers", () => {
  it('make each pause a random part of one that grows', () => {
    const most = [1, 2, 3, 4, 9].map((attempt) => retryMs(numbers, attempt, false, 1));
    expect(most).toEqual([300, 450, 675, 1_000, 1_000]);
    expect(retryMs(numbers, 1, false, 0.5)).toBe(150);
    expect(retryMs({ ...numbers, baseMs: 0 }, 5, false, 1)).toBe(10);
  });

  it('leave alone how what only an operator can help is tried again', () => {
    expect(retryMs(numbers, 1, true, 0.5)).toBe(retryMs(undefined, 1, true, 0.5));
  });

  it('have no limit unless one is set', () => {
    expect([areRetriesSpent(numbers, 1_000), areRetriesSpent({ ...numbers, maxRetries: 2 }, 1)]).toEqual([false, false]);
    expect(areRetriesSpent({ ...numbers, maxRetries: 2 }, 2)).toBe(true);
  });
});

describe('a shard reader', () => {
  it('starts again from its checkpoint once the retries of GetRecords are spent', async () => {
    const retries = { getRecords: { ...numbers, maxRetries: 2 } };
    const { actor, clock, opened, iterators } = readerOf([throttled(), throttled(), throttled(), page(['42'], null)], { retries });
    actor.start();
    for (let failure = 0; failure < 3; failure++) {
      await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
      clock.increment(1_000);
    }
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
    expect([opened, iterators.length]).toEqual([[after('41'), after('41')], 4]);
  });

  it('waits as long as the numbers of the call say that comes next', async () => {
    const retries = { getShardIterator: { ...numbers, baseMs: 5_000, maxMs: 5_000 } };
    const iteratorFaults = [new KinesisUnavailableError('why', {}, undefined)];
    const { actor, clock } = readerOf([throttled(), page([], null)], { retries, iteratorFaults });
    actor.start();
    for (const pauseMs of [2_500, 375]) {
      await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
      clock.increment(pauseMs - 1);
      expect(actor.getSnapshot().value).toBe('backingOff');
      clock.increment(1);
    }
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'shardEnd' });
  });

  it('leaves its shard to another worker once the retries of GetShardIterator are spent', async () => {
    const retries = { getShardIterator: { ...numbers, maxRetries: 1 } };
    const error = new KinesisUnavailableError('why', {}, undefined);
    const { actor, clock, released } = readerOf([], { retries, iteratorFaults: [error, error] });
    actor.start();
    await waitFor(actor, (snapshot) => snapshot.matches('backingOff'));
    clock.increment(1_000);
    await expect(toPromise(actor)).resolves.toMatchObject({ reason: 'failed', error });
    expect(released).toEqual([{ cooldownMs: 5_000 }]);
  });
});
