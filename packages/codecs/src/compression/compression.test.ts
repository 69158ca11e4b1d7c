import { deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { MAX_TEXT_LENGTH } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { decompressBzip2 } from './bzip2.ts';
import { compressFlate, compressGzip, compressPgzip, compressZlib, decompressFlate, decompressGzip, decompressZlib } from './flate.ts';
import { compressLz4, decompressLz4 } from './lz4.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';
import { compressZstd, decompressZstd } from './zstd.ts';

const FORMATS = {
  flate: [compressFlate, decompressFlate],
  gzip: [compressGzip, decompressGzip],
  pgzip: [compressPgzip, decompressGzip],
  zlib: [compressZlib, decompressZlib],
  lz4: [compressLz4, decompressLz4],
  snappy: [compressSnappy, decompressSnappy],
  zstd: [compressZstd, decompressZstd],
} as const;

describe.each(Object.entries(FORMATS))('%s', (_, [compress, decompress]) => {
  it.each([-1, 1, 5, 9])('turns back what it compressed at level %d, whatever the bytes', (level) => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    for (const input of randomInputs(seed)) {
      expect(Buffer.from(decompress(compress(input, level))).equals(input), `seed ${seed}, ${input.length} bytes`).toBe(true);
    }
  });

  it('fails on every part of a whole', () => {
    const whole = compress(Buffer.from('one two three one two three one two three'), -1);
    for (let length = 1; length < whole.length; length++) {
      expect(() => decompress(whole.subarray(0, length)), `${length} bytes`).toThrow();
    }
  });

  it('fails on more than a mapping may make, before it has made it', () => {
    const bomb = compress(Buffer.alloc(MAX_TEXT_LENGTH + 1), 1);
    expect(() => decompress(bomb)).toThrow(/exceeds the maximum of 67108864/);
  });
});

describe('what others must read', () => {
  it.each([
    [compressGzip, 'hello world', 'H4sIAAAJbogA/wALAPT/aGVsbG8gd29ybGQDAIURSg0LAAAA'],
    [compressGzip, 'a'.repeat(100), 'H4sIAAAJbogA/wTAgQAAAAAAkFb/EwAAAAAAAAAAAAAAAMABAGR6cK9kAAAA'],
    [compressZlib, '', 'eJwDAAAAAAE='],
    [compressLz4, 'hello world I love space', 'BCJNGGRwuRgAAIBoZWxsbyB3b3JsZCBJIGxvdmUgc3BhY2UAAAAAGoETLg=='],
    [compressLz4, 'hello world '.repeat(20), 'BCJNGGRwuSAAAADPaGVsbG8gd29ybGQgDADBANgAwGhlbGxvIHdvcmxkIAAAAAAdJJkE'],
    [compressSnappy, 'hello', 'BRBoZWxsbw=='],
    [compressPgzip, 'abc', 'H4sIAAAJbogA/wADAPz/YWJjAAAA//8DAMJBJDUDAAAA'],
    [compressZstd, '', ''],
    [compressZstd, 'abc', 'KLUv/QQAGQAAYWJjmQl3rQ=='],
  ])('is byte for byte what the original writes: %o', (compress, input, output) => {
    expect(Buffer.from(compress(Buffer.from(input), -1)).toString('base64')).toBe(output);
  });

  it.each([
    [compressFlate, 10, 'flate: invalid compression level 10: want value in range [-2, 9]'],
    [compressGzip, -4, 'gzip: invalid compression level: -4'],
    [compressZlib, 10, 'zlib: invalid compression level: 10'],
    [compressLz4, 10, 'lz4: invalid compression level: 262144'],
  ])('is not written at a level that there is not: %o %d', (compress, level, message) => {
    expect(() => compress(Buffer.from('x'), level)).toThrow(message);
  });
});

describe('what others wrote', () => {
  const text = Buffer.from('again and again and again');

  it('gzip: names, comments and further members', () => {
    const member = gzipSync(text);
    const named = Buffer.concat([
      member.subarray(0, 3),
      Buffer.from([8 | 16]),
      member.subarray(4, 10),
      Buffer.from('n\0c\0'),
      member.subarray(10),
    ]);
    expect(Buffer.from(decompressGzip(Buffer.concat([named, member]))).toString()).toBe(`${text}${text}`);
  });

  it.each([
    ['', 'EOF'],
    ['not gzip at all', 'gzip: invalid header'],
    ['\x1f\x8b', 'unexpected EOF'],
  ])('gzip: %j is %s', (input, message) => {
    expect(() => decompressGzip(Buffer.from(input, 'latin1'))).toThrow(message);
  });

  it('gzip: a checksum that does not fit', () => {
    const damaged = gzipSync(text);
    damaged[damaged.length - 5]! ^= 1;
    expect(() => decompressGzip(damaged)).toThrow('gzip: invalid checksum');
  });

  it('gzip: something behind the last member', () => {
    expect(() => decompressGzip(Buffer.concat([gzipSync(text), Buffer.from('0123456789')]))).toThrow('gzip: invalid header');
  });

  it.each([
    ['a kind of block that there is not', '6e6f7065', 'corrupt input before offset 1'],
    ['nothing', '', 'unexpected EOF'],
    ['a stored block whose length is not what it says twice', '00050000ff', 'corrupt input before offset 5'],
    ['a stored block that breaks off', '000500faff6162', 'unexpected EOF'],
    ['a reference to before the beginning', '0302', 'corrupt input before offset 2'],
    ['more literals than there are', 'fdffff', 'corrupt input before offset 3'],
    ['a code that is not complete', '0500000000', 'corrupt input before offset 4'],
  ])('flate: %s', (_, hex, message) => {
    expect(() => decompressFlate(Buffer.from(hex, 'hex'))).toThrow(new RegExp(`^(flate: )?${message}$`));
  });

  it('flate: whatever is damaged has an offset within it', () => {
    const whole = deflateRawSync(Buffer.concat([text, Buffer.from(randomInputs(7)[40]!)]));
    for (let at = 0; at < whole.length; at++) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1 << (at % 8);
      const failure = failureOf(() => decompressFlate(damaged));
      if (failure) expect(failure, `byte ${at}`).toMatch(/^(unexpected EOF|flate: corrupt input before offset \d+)$/);
    }
  });

  it('flate: something behind the stream is ignored', () => {
    expect(Buffer.from(decompressFlate(Buffer.concat([deflateRawSync(text), Buffer.from('rest')])))).toEqual(text);
  });

  it('zstd: several frames', () => {
    expect(Buffer.from(decompressZstd(Buffer.concat([zstdCompressSync(text), zstdCompressSync(text)]))).toString()).toBe(`${text}${text}`);
  });

  it.each([
    [decompressZlib, 'zlib: invalid header'],
    [decompressLz4, 'lz4: bad magic number'],
    [decompressSnappy, 's2: corrupt input'],
    [decompressZstd, 'invalid input: magic number mismatch'],
    [decompressBzip2, 'bzip2 data invalid: bad magic value'],
  ])('%o refuses what is not its own', (decompress, message) => {
    expect(() => decompress(Buffer.from('this is not compressed'))).toThrow(message);
  });
});

describe('bzip2', () => {
  const HELLO = Buffer.from('QlpoOTFBWSZTWeW18wkAAARRAAAQQAACRKAAIbUYDAKQacKjC7kinChIctr5hIA=', 'base64');

  it('reads a stream, and one behind the other', () => {
    expect(Buffer.from(decompressBzip2(HELLO)).toString()).toBe('hello hello hello\n');
    expect(Buffer.from(decompressBzip2(Buffer.concat([HELLO, HELLO]))).toString()).toBe('hello hello hello\n'.repeat(2));
  });

  it('fails on what is cut or damaged', () => {
    expect(() => decompressBzip2(HELLO.subarray(0, -1))).toThrow('unexpected EOF');
    expect(() => decompressBzip2(Buffer.from(HELLO.map((byte, at) => (at === 11 ? byte ^ 1 : byte))))).toThrow('block checksum mismatch');
    expect(() => decompressBzip2(Buffer.concat([HELLO, Buffer.from('more')]))).toThrow('bad magic value in continuation file');
  });
});

function failureOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Bytes of few and of many kinds, short and long, with and without repetitions. */
function randomInputs(seed: number): Buffer[] {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
  const lengths = [0, 1, 12, 13, 31, 33, 60, 100, 127, 128, 300, 5_000, 70_000];
  const random = lengths.flatMap((length) => [1, 3, 20, 256].map((kinds) => Buffer.from(Array.from({ length }, () => next(kinds)))));
  const [repeated] = [Buffer.concat(Array.from({ length: 40 }, () => random[next(random.length)]!))];
  return [...random, repeated];
}
