import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { BloblangError, errorText, MAX_TEXT_LENGTH } from '@sluice/values';
import { Input, unexpectedEnd } from '../binary/output.ts';
import { findCorruption } from './flate-corruption.ts';
import { deflateSmall, SMALL_LENGTH } from './small-deflate.ts';

const DEFAULT_LEVEL = -1;
const HUFFMAN_ONLY = -2;
const STATELESS = -3;

/** Throws, as the original's library does, for a level that a format does not know. */
function checkLevel(level: number, least: number, message: string): void {
  if (level < least || level > 9) throw new BloblangError(message);
}

/** Raw deflate. */
export function compressFlate(bytes: Uint8Array, level: number): Uint8Array {
  checkLevel(level, HUFFMAN_ONLY, `flate: invalid compression level ${level}: want value in range [-2, 9]`);
  return deflate(bytes, level);
}

/** One member. */
export function compressGzip(bytes: Uint8Array, level: number): Uint8Array {
  checkLevel(level, STATELESS, `gzip: invalid compression level: ${level}`);
  return gzipMember(bytes, level, deflate(bytes, level));
}

/** One member, as the original's parallel library writes it: flushed before it ends. */
export function compressPgzip(bytes: Uint8Array, level: number): Uint8Array {
  checkLevel(level, STATELESS, `gzip: invalid compression level: ${level}`);
  return gzipMember(bytes, level, deflateFlushed(bytes, level));
}

/** The header's time is what the original writes when it has none. */
function gzipMember(bytes: Uint8Array, level: number, deflated: Uint8Array): Uint8Array {
  const extraFlags = level === 9 ? 2 : level === 1 ? 4 : 0;
  const header = Buffer.from([0x1f, 0x8b, 8, 0, 0x00, 0x09, 0x6e, 0x88, extraFlags, 0xff]);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(bytes), 0);
  trailer.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, deflated, trailer]);
}

export function compressZlib(bytes: Uint8Array, level: number): Uint8Array {
  checkLevel(level, HUFFMAN_ONLY, `zlib: invalid compression level: ${level}`);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(adler32(bytes));
  return Buffer.concat([zlibHeader(level), deflate(bytes, level), trailer]);
}

function zlibHeader(level: number): Buffer {
  if (level === DEFAULT_LEVEL || level === 6) return Buffer.from([0x78, 0x9c]);
  return Buffer.from([0x78, level < 2 ? 0x01 : level < 6 ? 0x5e : 0xda]);
}

/** An empty block of fixed codes, the last one. */
const END = Uint8Array.of(0x03, 0x00);

/** With an empty stored block behind the content, which is how a stream is flushed. */
function deflateFlushed(bytes: Uint8Array, level: number): Uint8Array {
  if (isSmall(bytes, level)) return deflateSmall(bytes, { flushes: true });
  const flushed = deflateRawSync(bytes, {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(level === HUFFMAN_ONLY ? { strategy: constants.Z_HUFFMAN_ONLY } : { level: level === STATELESS ? 1 : level }),
  });
  return Buffer.concat([flushed, END]);
}

/** Whether the fast levels take it as it is. */
const isSmall = (bytes: Uint8Array, level: number): boolean =>
  (level === DEFAULT_LEVEL || (level >= 1 && level <= 6)) && bytes.length < SMALL_LENGTH;

function deflate(bytes: Uint8Array, level: number): Uint8Array {
  if (isSmall(bytes, level)) return deflateSmall(bytes);
  if (level === HUFFMAN_ONLY) return deflateRawSync(bytes, { strategy: constants.Z_HUFFMAN_ONLY });
  return deflateRawSync(bytes, { level: level === STATELESS ? 1 : level });
}

/** Raw deflate; what follows its last block is ignored. */
export const decompressFlate = (bytes: Uint8Array): Uint8Array => inflate(new Input(bytes), MAX_TEXT_LENGTH);

/** One member or several, with nothing behind them. */
export function decompressGzip(bytes: Uint8Array): Uint8Array {
  const input = new Input(bytes);
  if (input.isAtEnd) throw new BloblangError('EOF');
  const members: Uint8Array[] = [];
  let length = 0;
  while (!input.isAtEnd) {
    skipGzipHeader(input);
    const member = inflate(input, MAX_TEXT_LENGTH - length);
    if (input.uint32() !== crc32(member) || input.uint32() !== member.length) throw new BloblangError('gzip: invalid checksum');
    members.push(member);
    length += member.length;
  }
  return members.length === 1 ? members[0]! : Buffer.concat(members);
}

function skipGzipHeader(input: Input): void {
  const start = input.offset;
  const header = input.take(10);
  if (header[0] !== 0x1f || header[1] !== 0x8b || header[2] !== 8) throw invalidGzipHeader();
  const flags = header[3]!;
  if (flags & 0xe0) throw invalidGzipHeader();
  if (flags & 4) input.take(input.uint16());
  if (flags & 8) skipText(input);
  if (flags & 16) skipText(input);
  if (flags & 2) {
    const checksum = crc32(input.bytes.subarray(start, input.offset)) & 0xffff;
    if (input.uint16() !== checksum) throw invalidGzipHeader();
  }
}

const invalidGzipHeader = (): BloblangError => new BloblangError('gzip: invalid header');

/** A name or comment: up to a zero byte, at most 512 bytes. */
function skipText(input: Input): void {
  for (let length = 1; input.byte() !== 0; length++) {
    if (length >= 512) throw invalidGzipHeader();
  }
}

/** One stream; what follows it is ignored. */
export function decompressZlib(bytes: Uint8Array): Uint8Array {
  const input = new Input(bytes);
  const [method, flags] = input.take(2) as unknown as [number, number];
  if ((method & 0x0f) !== 8 || method >> 4 > 7 || (method * 256 + flags) % 31 !== 0) throw new BloblangError('zlib: invalid header');
  if (flags & 0x20) {
    input.take(4);
    throw new BloblangError('zlib: invalid dictionary');
  }
  const output = inflate(input, MAX_TEXT_LENGTH);
  if (input.uint32BigEndian() !== adler32(output)) throw new BloblangError('zlib: invalid checksum');
  return output;
}

/** Decodes one deflate stream and leaves the input behind it. */
function inflate(input: Input, maxLength: number): Uint8Array {
  const deflated = input.bytes.subarray(input.offset);
  try {
    const { buffer, engine } = inflateRawSync(deflated, {
      info: true,
      maxOutputLength: Math.max(1, maxLength),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    input.offset += engine.bytesWritten;
    return buffer;
  } catch (error) {
    throw toBloblangError(error, deflated);
  }
}

function toBloblangError(error: unknown, deflated: Uint8Array): BloblangError {
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_BUFFER_TOO_LARGE') return new BloblangError(`result exceeds the maximum of ${MAX_TEXT_LENGTH} bytes`);
  const corruption = findCorruption(deflated);
  if (corruption) return corruption;
  return code === 'Z_BUF_ERROR' ? unexpectedEnd() : new BloblangError(`flate: corrupt input: ${errorText(error)}`);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += 3800) {
    // So many additions stay below 2^32.
    for (const byte of bytes.subarray(start, start + 3800)) {
      a += byte;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
