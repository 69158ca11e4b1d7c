import { describe, expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.ts';

const poolOf = (maxFreeBytes: number) => new BufferPool({ stepBytes: 100, maxFreeBytes });

describe('BufferPool', () => {
  it('gives what was given back to the next who asks for as much, or somewhat less', () => {
    const pool = poolOf(1_000);
    const first = pool.take(250);
    expect([first.byteLength, first.buffer.byteLength]).toEqual([250, 300]);
    pool.release(first);
    const second = pool.take(300);
    expect([second.byteLength, second.buffer === first.buffer]).toEqual([300, true]);
    pool.release(second);
    expect(pool.take(301).buffer).not.toBe(first.buffer);
    expect(pool.take(149).buffer).not.toBe(first.buffer);
    expect(pool.take(150).buffer).toBe(first.buffer);
  });

  it('never gives one buffer to two', () => {
    const pool = poolOf(1_000);
    pool.release(pool.take(200));
    expect(pool.take(200).buffer).not.toBe(pool.take(200).buffer);
  });

  it('keeps no more than it may, and nothing small', () => {
    const pool = poolOf(400);
    const [a, b, c] = [pool.take(200), pool.take(200), pool.take(200)];
    for (const buffer of [a, b, c]) pool.release(buffer);
    const again = [pool.take(200).buffer, pool.take(200).buffer, pool.take(200).buffer];
    expect([again.includes(a.buffer), again.includes(b.buffer), again.includes(c.buffer)]).toEqual([true, true, false]);
    const small = pool.take(99);
    pool.release(small);
    expect([small.buffer.byteLength, pool.take(99).buffer === small.buffer]).toEqual([99, false]);
  });
});
