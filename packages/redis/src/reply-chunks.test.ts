import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { ReplyBuffers } from './reply-buffers.ts';
import { ReplyChunks } from './reply-chunks.ts';

const LARGE = 16 * 1024 - 2;
const { below, next } = randomFor('reply chunks');

function chunksOf(parts: readonly Buffer[]): Buffer[] {
  const chunks: Buffer[] = [];
  const reader = new ReplyChunks((chunk) => chunks.push(chunk), new ReplyBuffers());
  for (const part of parts) {
    const read = Buffer.from(part);
    reader.read(read);
    // The connection reads into the same memory again.
    read.fill('!');
  }
  return chunks;
}

const text = (type: string, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${type}${bytes.byteLength}\r\n`), bytes, Buffer.from('\r\n')]);
const join = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('latin1');

describe('ReplyChunks', () => {
  it('hands on small replies with what they were read with', () => {
    const read = Buffer.from('+OK\r\n*2\r\n$3\r\na\nb\r\n$-1\r\n:-12\r\n$0\r\n\r\n');
    expect(chunksOf([read]).map(String)).toEqual([String(read)]);
  });

  it('has a large text stand by itself with its end, whether it was read at once or in pieces', () => {
    const large = Buffer.alloc(LARGE, '$9\r\n');
    const replies = Buffer.concat([
      Buffer.from('*3\r\n:1\r\n'),
      text('$', large),
      text('$', Buffer.alloc(LARGE - 1)),
      Buffer.from('+OK\r\n'),
    ]);
    const head = `*3\r\n:1\r\n$${LARGE}\r\n`;
    for (const cut of [1, 5, head.length - 1, head.length, head.length + 1, head.length + LARGE, head.length + LARGE + 1, replies.length]) {
      const chunks = chunksOf([replies.subarray(0, cut), replies.subarray(cut)]);
      expect(join(chunks)).toBe(replies.toString('latin1'));
      expect(chunks.filter((chunk) => chunk.byteLength === LARGE + 2 && chunk.subarray(0, LARGE).equals(large))).toHaveLength(1);
    }
  });

  it('reads bytes in any pieces', () => {
    for (let round = 0; round < 200; round++) {
      const replies = Buffer.concat(Array.from({ length: 1 + below(12) }, anyReply));
      const parts: Buffer[] = [];
      for (let at = 0; at < replies.length; ) {
        const size = 1 + Math.floor(next() ** 3 * 40_000);
        parts.push(replies.subarray(at, at + size));
        at += size;
      }
      const chunks = chunksOf(parts);
      expect(join(chunks)).toBe(replies.toString('latin1'));
      const sizes = new Set(chunks.map(({ byteLength }) => byteLength));
      for (const [, digits] of replies.toString('latin1').matchAll(/[$=!](\d{5,6})\r\n/g)) {
        if (Number(digits) >= LARGE) expect(sizes.has(Number(digits) + 2)).toBe(true);
      }
    }
  });
});

function anyReply(): Buffer {
  const kinds = [
    () => Buffer.from('+QUEUED\r\n'),
    () => Buffer.from('-ERR expected $5\r\n'),
    () => Buffer.from(`:${below(1_000_000_000)}\r\n`),
    () => Buffer.from('$-1\r\n'),
    () => Buffer.from(`*${below(9)}\r\n`),
    () => text('$', Buffer.alloc(below(50), '\n')),
    () => text('=', Buffer.alloc(LARGE - 2 + below(4), 'x')),
    () => text('$', Buffer.alloc(below(100_000), 'y')),
  ];
  return kinds[below(kinds.length)]!();
}
