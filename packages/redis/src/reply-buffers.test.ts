import { describe, expect, it } from 'vitest';
import { LARGE_TEXT_BYTES, ReplyBuffers } from './reply-buffers.ts';

const SIZE = 3 * LARGE_TEXT_BYTES;

describe('ReplyBuffers', () => {
  it('uses the memory of a text that was given back again, by a view of it', () => {
    const buffers = new ReplyBuffers();
    const text = buffers.take(SIZE);
    buffers.release(text.subarray(0, SIZE - 2));
    expect(buffers.take(SIZE).buffer).toBe(text.buffer);
  });

  it('never gives one memory to two, however often it is given back', () => {
    const buffers = new ReplyBuffers();
    const text = buffers.take(SIZE);
    buffers.release(text);
    buffers.release(text);
    expect(buffers.take(SIZE).buffer).not.toBe(buffers.take(SIZE).buffer);
  });

  it('takes back only what it gave: other memory may hold more than one text', () => {
    const buffers = new ReplyBuffers();
    const foreign = Buffer.allocUnsafeSlow(SIZE);
    buffers.release(foreign);
    expect(buffers.take(SIZE).buffer).not.toBe(foreign.buffer);
  });
});
