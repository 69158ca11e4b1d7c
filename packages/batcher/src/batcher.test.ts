import { describe, expect, it } from 'vitest';
import { type BatchPolicy, hasTrigger, isNoop } from './batch-policy.ts';
import { Batcher } from './batcher.ts';

describe('Batcher', () => {
  it('leaves at the count, and says so', () => {
    const batcher = batcherOf({ count: 2 });
    expect(batcher.add('a', 1, 0)).toBe(false);
    expect(batcher.add('b', 1, 0)).toBe(true);
    expect(batcher.flush(0)).toEqual({ items: ['a', 'b'], byteSize: 2, reason: 'count' });
    expect(batcher.flush(0)).toBeUndefined();
  });

  it('leaves at the payload size', () => {
    const batcher = batcherOf({ byteSize: 10 });
    expect([batcher.add('a', 4, 0), batcher.add('b', 5, 0), batcher.add('c', 1, 0)]).toEqual([false, false, true]);
    expect(batcher.flush(0)?.reason).toBe('size');
  });

  it('shows the check the whole batch, newest last', () => {
    const seen: string[] = [];
    const batcher = batcherOf({
      check: (batch) => {
        seen.push(batch.join(''));
        return batch.at(-1) === 'c';
      },
    });
    expect([batcher.add('a', 1, 0), batcher.add('b', 1, 0), batcher.add('c', 1, 0)]).toEqual([false, false, true]);
    expect(seen).toEqual(['a', 'ab', 'abc']);
    expect(batcher.flush(0)?.reason).toBe('check');
  });

  it('takes a check that throws for false, and reports it', () => {
    const errors: unknown[] = [];
    const bug = new Error('expected bool');
    const policy = {
      ...off,
      check: () => {
        throw bug;
      },
    };
    const batcher = new Batcher<string>(policy, { nowMs: 0, onCheckError: (error) => errors.push(error) });
    expect(batcher.add('a', 1, 0)).toBe(false);
    expect(errors).toEqual([bug]);
  });

  it('names only the first mechanism, and asks no other once one triggered', () => {
    let asked = 0;
    const batcher = batcherOf({ count: 1, byteSize: 1, periodMs: 1, check: () => ++asked > 0 });
    batcher.add('a', 5, 10);
    batcher.add('b', 5, 10);
    expect(batcher.flush(10)).toEqual({ items: ['a', 'b'], byteSize: 10, reason: 'count' });
    expect(asked).toBe(0);
  });

  it('counts the period from the last flush, empty ones included, not from the first item', () => {
    const batcher = batcherOf({ periodMs: 100 });
    expect(batcher.deadline()).toBe(100);
    expect(batcher.add('a', 1, 99)).toBe(false);
    expect(batcher.isDue(100)).toBe(true);
    expect(batcher.flush(130)).toEqual({ items: ['a'], byteSize: 1, reason: 'period' });
    expect(batcher.flush(200)).toBeUndefined();
    expect(batcher.deadline()).toBe(300);
    expect(batcher.add('b', 1, 299)).toBe(false);
    expect(batcher.add('c', 1, 300)).toBe(true);
  });

  it('is never due while empty, however late it is', () => {
    expect(batcherOf({ periodMs: 100 }).isDue(10_000)).toBe(false);
  });

  it('gives up a partial batch when the caller asks, without a mechanism', () => {
    const batcher = batcherOf({ count: 10 });
    batcher.add('a', 3, 0);
    expect(batcher.flush(5)).toEqual({ items: ['a'], byteSize: 3, reason: undefined });
  });

  it('takes out what may no longer be sent, and keeps its tally right', () => {
    const batcher = batcherOf({ byteSize: 10 });
    for (const [item, size] of [
      ['a1', 4],
      ['b1', 5],
    ] as const)
      batcher.add(item, size, 0);
    expect(batcher.remove((item) => item.startsWith('b'))).toEqual(['b1']);
    expect([batcher.count, batcher.byteSize]).toEqual([1, 4]);
    expect([batcher.add('a2', 5, 0), batcher.add('a3', 1, 0)]).toEqual([false, true]);
    expect(batcher.flush(0)?.items).toEqual(['a1', 'a2', 'a3']);
  });
});

describe('isNoop', () => {
  it.each<[Partial<BatchPolicy<string>>, boolean]>([
    [{}, true],
    [{ count: 1 }, true],
    [{ count: 2 }, false],
    [{ byteSize: 1 }, false],
    [{ periodMs: 1 }, false],
    [{ check: () => true }, false],
  ])('%j is %s', (policy, expected) => expect(isNoop({ ...off, ...policy })).toBe(expected));

  it('is not off where processors wait for a batch', () => {
    expect(isNoop(off, true)).toBe(false);
    expect([hasTrigger(off), hasTrigger({ ...off, count: 1 })]).toEqual([false, true]);
  });
});

const off: BatchPolicy<string> = { count: 0, byteSize: 0, periodMs: 0 };

const batcherOf = (policy: Partial<BatchPolicy<string>>) => new Batcher<string>({ ...off, ...policy }, { nowMs: 0 });
