import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { MAX_REPLY_BYTES } from '../../limits.ts';
import { BodyBuffers } from '../../wire/body-buffers.ts';
import { readMessage } from './read-message.ts';
import type { Exchange, Reply } from './transport.ts';

const MIB = Buffer.alloc(1024 ** 2);

describe('a reply that comes as a stream', () => {
  it.each([
    ['as long as is allowed', MAX_REPLY_BYTES / MIB.length, true],
    ['longer', MAX_REPLY_BYTES / MIB.length + 1, false],
  ])('of a length that is not told, and is %s', async (_, parts, isRead) => {
    const read = messageOf(
      {},
      Array.from({ length: parts }, () => MIB),
    );
    if (isRead) await expect(read.output).resolves.toBe(MAX_REPLY_BYTES);
    else await expect(read.output).rejects.toThrow(`expected a reply of at most ${MAX_REPLY_BYTES} bytes`);
  });

  it('is not collected into a buffer of the length it claims where that is too long', async () => {
    const read = messageOf({ 'content-length': String(MAX_REPLY_BYTES + 1) }, [MIB]);
    await expect(read.output).resolves.toBe(MIB.length);
    expect(read.taken).toEqual([]);
  });

  it.each([
    ['unless it is kept', true, []],
    ['also where reading it fails', false, [3]],
  ])('gives its body back, %s', async (_, isKept, released) => {
    const read = messageOf({ 'content-length': '3' }, [Buffer.from('abc')], isKept, () => {
      throw new Error('not a reply of the service');
    });
    await expect(read.output).rejects.toThrow('not a reply of the service');
    expect([read.taken, read.released]).toEqual([[3], released]);
  });
});

/** A reply of these parts, of which the length is read. */
function messageOf(headers: Record<string, string>, parts: readonly Buffer[], isKept = false, read?: () => number) {
  const taken: number[] = [];
  const released: number[] = [];
  const buffers = new BodyBuffers();
  const take = buffers.take.bind(buffers);
  buffers.take = (byteLength) => {
    taken.push(byteLength);
    return take(byteLength);
  };
  buffers.release = ({ length }) => void released.push(length);
  const exchange = {
    keepsBody: () => isKept,
    onProgress: () => undefined,
    read: read ?? (({ body }: Reply) => body.length),
  } as unknown as Exchange<number>;
  const message = { statusCode: 200, headers, body: Readable.from(parts) };
  return { output: readMessage(message, exchange, buffers), taken, released };
}
