import { BloblangError } from '@sluice/values';
import { Input, Output } from '../binary/output.ts';
import { xxhash32 } from '../hash/xxhash32.ts';
import { compressLz4Block, decompressLz4Block } from './lz4-block.ts';

const MAGIC = 0x184d2204;
const LEGACY_MAGIC = 0x184c2102;
const SKIPPABLE_MAGIC = 0x184d2a50;
const LEGACY_BLOCK_SIZE = 8 << 20;
const BLOCK_SIZES: Readonly<Record<number, number>> = { 4: 64 << 10, 5: 256 << 10, 6: 1 << 20, 7: 4 << 20 };
const MAX_BLOCK = BLOCK_SIZES[7]!;
const IS_STORED = 0x80000000;

/** Version 1, independent blocks of at most 4 MiB, checksum of the content. */
const HEADER = [0x04, 0x22, 0x4d, 0x18, 0x64, 0x70, 0xb9];

/** One lz4 frame. Levels 1 to 9 search longer, all below are the fast one. */
export function compressLz4(bytes: Uint8Array, level: number): Uint8Array {
  if (level > 9) throw new BloblangError(`lz4: invalid compression level: ${2 ** (8 + level)}`);
  const parts: Uint8Array[] = [Buffer.from(HEADER)];
  for (let start = 0; start < bytes.length; start += MAX_BLOCK) {
    const block = bytes.subarray(start, start + MAX_BLOCK);
    const compressed = compressLz4Block(block, level > 0 ? 2 ** (8 + level) : 0);
    parts.push(compressed === undefined ? uint32(block.length | IS_STORED) : uint32(compressed.length), compressed ?? block);
  }
  return Buffer.concat([...parts, uint32(0), uint32(xxhash32(bytes))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** The first frame behind any that are to be skipped; what follows it is ignored. */
export function decompressLz4(bytes: Uint8Array): Uint8Array {
  const input = new Input(bytes);
  const output = new Output(bytes.length * 3);
  while (!input.isAtEnd) {
    const magic = input.uint32();
    if (magic === MAGIC) return readFrame(input, output);
    if (magic === LEGACY_MAGIC) return readLegacyFrame(input, output);
    if (magic >>> 8 !== SKIPPABLE_MAGIC >>> 8) throw new BloblangError('lz4: bad magic number');
    input.take(input.uint32());
  }
  return output.since(0);
}

interface FrameHeader {
  readonly hasBlockChecksums: boolean;
  readonly hasContentChecksum: boolean;
  readonly areBlocksIndependent: boolean;
  readonly maxBlock: number;
}

function readHeader(input: Input): FrameHeader {
  const start = input.offset;
  const flags = input.byte();
  const sizeIndex = (input.byte() >> 4) & 7;
  if (flags & 0x08) input.take(8);
  const expected = (xxhash32(input.bytes.subarray(start, input.offset)) >> 8) & 0xff;
  const actual = input.byte();
  if (actual !== expected) throw checksumError('header', expected, actual);
  const maxBlock = BLOCK_SIZES[sizeIndex];
  if (maxBlock === undefined) throw new BloblangError('lz4: invalid block size');
  return {
    hasBlockChecksums: (flags & 0x10) !== 0,
    hasContentChecksum: (flags & 0x04) !== 0,
    areBlocksIndependent: (flags & 0x20) !== 0,
    maxBlock,
  };
}

const checksumError = (place: string, got: number, expected: number): BloblangError =>
  new BloblangError(`lz4: invalid ${place} checksum: got ${got.toString(16)}; expected ${expected.toString(16)}`);

function readFrame(input: Input, output: Output): Uint8Array {
  const header = readHeader(input);
  for (let size = input.uint32(); size !== 0; size = input.uint32()) readBlock(input, output, header, size);
  const content = output.since(0);
  if (header.hasContentChecksum) {
    const expected = input.uint32();
    const actual = xxhash32(content);
    if (actual !== expected) throw checksumError('frame', actual, expected);
  }
  return content;
}

function readBlock(input: Input, output: Output, header: FrameHeader, size: number): void {
  const length = size & ~IS_STORED;
  if (length > header.maxBlock) throw new BloblangError('lz4: invalid block size');
  const block = input.take(length);
  if (header.hasBlockChecksums) {
    const expected = input.uint32();
    const actual = xxhash32(block);
    if (actual !== expected) throw checksumError('block', actual, expected);
  }
  if (size & IS_STORED) output.append(block);
  else decompressLz4Block(block, output, header.areBlocksIndependent ? output.length : 0, header.maxBlock);
}

function readLegacyFrame(input: Input, output: Output): Uint8Array {
  while (!input.isAtEnd) {
    const size = input.uint32();
    if (size === LEGACY_MAGIC) continue;
    if (size > LEGACY_BLOCK_SIZE) throw new BloblangError('lz4: invalid block size');
    const start = output.length;
    decompressLz4Block(input.take(size), output, start, LEGACY_BLOCK_SIZE);
    if (output.length - start < LEGACY_BLOCK_SIZE) break;
  }
  return output.since(0);
}
