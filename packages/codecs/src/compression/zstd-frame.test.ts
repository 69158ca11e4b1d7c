import { randomBytes } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { isWholeFrame } from './zstd-frame.ts';

it.each([
  ['nothing', Buffer.alloc(0), {}],
  ['text', Buffer.from('one two three'), {}],
  ['with a checksum', Buffer.from('one two three'), { [constants.ZSTD_c_checksumFlag]: 1 }],
  ['without its size', Buffer.from('one two three'), { [constants.ZSTD_c_contentSizeFlag]: 0 }],
  ['a run', Buffer.alloc(300_000, 7), {}],
  ['several blocks that do not compress', randomBytes(300_000), {}],
])('knows the end of a frame: %s', (_, content, params) => {
  const frame = zstdCompressSync(content, { params });
  expect(isWholeFrame(frame)).toBe(true);
  expect(isWholeFrame(Buffer.concat([frame, Buffer.from([1, 2, 3])]))).toBe(true);
  for (let length = 4; length < frame.length; length += Math.max(1, Math.floor(frame.length / 50)))
    expect([length, isWholeFrame(frame.subarray(0, length))]).toEqual([length, false]);
  expect(isWholeFrame(frame.subarray(0, frame.length - 1))).toBe(false);
});

it('knows the end of a frame that is skipped', () => {
  const frame = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 1]);
  expect(Array.from({ length: 11 }, (_, length) => isWholeFrame(frame.subarray(0, length)))).toEqual([...Array(10).fill(false), true]);
});
