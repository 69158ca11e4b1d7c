import { describe, expect, it } from 'vitest';
import { type Awaitable, andThen, foldInTurn, mapAwaiting } from './awaitable.ts';

const soon = async <T>(value: T): Promise<T> => value;

describe('work that may have to wait', () => {
  it('is done at once where nothing waits', () => {
    expect(andThen(1, (value) => value + 1)).toBe(2);
    expect(foldInTurn([1, 2, 3], 0, (sum, value) => sum + value)).toBe(6);
    expect(mapAwaiting([1, 2], (value, index) => value * 10 + index)).toEqual([10, 21]);
  });

  it('goes on in order behind what waits', async () => {
    await expect(andThen(soon(1), (value) => value + 1)).resolves.toBe(2);
    const step = (text: string, value: number): Awaitable<string> => (value === 2 ? soon(`${text}${value}`) : `${text}${value}`);
    await expect(foldInTurn([1, 2, 3, 2], '', step)).resolves.toBe('1232');
    await expect(mapAwaiting([1, 2, 3], (value) => (value === 2 ? soon(value) : value))).resolves.toEqual([1, 2, 3]);
  });

  it.each([1, 3])('has at most %i of several under way', async (atOnce) => {
    let [open, most] = [0, 0];
    const work = async (value: number): Promise<number> => {
      most = Math.max(most, ++open);
      await soon(undefined);
      open--;
      return value;
    };
    await expect(mapAwaiting([5, 4, 3, 2, 1], work, atOnce)).resolves.toEqual([5, 4, 3, 2, 1]);
    expect(most).toBe(atOnce);
  });

  it('fails as the first of several fails', async () => {
    await expect(mapAwaiting([1, 2], async (value) => Promise.reject(new Error(`no ${value}`)), 2)).rejects.toThrow('no 1');
  });
});
