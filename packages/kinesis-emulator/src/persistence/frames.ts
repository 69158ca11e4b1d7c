/**
 * The format of a data file: a signature, then frames. A frame is the length and the CRC-32 of what follows, four bytes each,
 * the least significant first, and a value in CBOR.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DataFileError } from '../errors.ts';
import { MIB } from '../limits.ts';
import { CborWriter } from '../protocol/cbor/cbor-writer.ts';

/** The file's first bytes. Another format has another number. */
export const SIGNATURE = Buffer.from('sluice kinesis emulator, data 1\n');
const HEAD_BYTES = 8;
/** No request and no stream needs as much. A length above it is damage, not the end. */
const LARGEST_FRAME = 64 * MIB;

/** A frame with the value that `write` writes. */
export function frameOf(write: (writer: CborWriter) => void, expectedBytes?: number): Buffer {
  const writer = new CborWriter(expectedBytes);
  writer.raw(Buffer.alloc(HEAD_BYTES));
  write(writer);
  const frame = writer.bytes;
  frame.writeUInt32LE(frame.length - HEAD_BYTES, 0);
  frame.writeUInt32LE(crc32(frame.subarray(HEAD_BYTES)), 4);
  return frame;
}

/** Writes all of `bytes` at the file's position; answers how many. */
export function writeWhole(file: number, bytes: Buffer): number {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
  return bytes.length;
}

/**
 * Hands each frame's value to `onFrame`, in order. An empty file, or none, has no frames.
 * @returns how many bytes at the end were left out, because a write was not completed
 * @throws {DataFileError} the file has another format, or is damaged before its end
 */
export function readFrames(path: string, onFrame: (payload: Buffer) => void): { readonly droppedBytes: number } {
  const file = openIfThere(path);
  if (file === undefined) return { droppedBytes: 0 };
  try {
    return readFrom(file, path, onFrame);
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}

function readFrom(file: number, path: string, onFrame: (payload: Buffer) => void): { readonly droppedBytes: number } {
  const signature = readUpTo(file, SIGNATURE.length);
  if (signature.length === 0) return { droppedBytes: 0 };
  if (!signature.equals(SIGNATURE)) throw new DataFileError(path, 'it is not a data file of this version; choose another name');
  for (let offset = SIGNATURE.length; ; ) {
    const head = readUpTo(file, HEAD_BYTES);
    const length = head.length === HEAD_BYTES ? head.readUInt32LE(0) : 0;
    if (length > LARGEST_FRAME) throw damaged(path, offset);
    const payload = readUpTo(file, length);
    // Lengths that were never written read as zero.
    if (length === 0 || payload.length < length) return { droppedBytes: head.length + payload.length };
    if (crc32(payload) !== head.readUInt32LE(4)) {
      if (readUpTo(file, 1).length === 0) return { droppedBytes: head.length + payload.length };
      throw damaged(path, offset);
    }
    onFrame(payload);
    offset += HEAD_BYTES + length;
  }
}

const damaged = (path: string, offset: number) =>
  new DataFileError(path, `it is damaged at byte ${offset}, before its end; restore it from a copy, or remove it`);

/** Fewer than `length` bytes where the file ends before. */
function readUpTo(file: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const read = readSync(file, bytes, at, length - at, null);
    if (read === 0) return bytes.subarray(0, at);
    at += read;
  }
  return bytes;
}
