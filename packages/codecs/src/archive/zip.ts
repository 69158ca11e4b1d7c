/** Zip archives in memory: stored and deflated entries, no encryption, no zip64. */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { BloblangError, checkLength, MAX_TEXT_LENGTH } from '@sluice/values';
import type { ArchiveEntry } from './entry.ts';

const LOCAL = { signature: 0x04034b50, bytes: 30 };
const CENTRAL = { signature: 0x02014b50, bytes: 46 };
const END = { signature: 0x06054b50, bytes: 22 };
const LONGEST_COMMENT = 0xffff;
const MOST_ENTRIES = 0xffff;
const UTF8_NAMES = 0x800;
const STORED = 0;
const DEFLATED = 8;
const VERSION = 20;

/** `timeMs`: when the files were last changed, milliseconds since 1970. @throws {BloblangError} */
export function packZip(entries: readonly ArchiveEntry[], timeMs: number): Uint8Array {
  if (entries.length > MOST_ENTRIES) throw new BloblangError(`zip: more than ${MOST_ENTRIES} entries`);
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let offset = 0;
  for (const { path, content } of entries) {
    const name = Buffer.from(path);
    const data = deflateRawSync(content);
    const common = commonFields(content, data.length, name.length, timeMs);
    locals.push(fields([LOCAL.signature, 4], ...common), name, data);
    centrals.push(fields([CENTRAL.signature, 4], [VERSION, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), name);
    offset += LOCAL.bytes + name.length + data.length;
  }
  const size = centrals.reduce((sum, { length }) => sum + length, 0);
  const { length } = entries;
  return Buffer.concat([
    ...locals,
    ...centrals,
    fields([END.signature, 4], [0, 2], [0, 2], [length, 2], [length, 2], [size, 4], [offset, 4], [0, 2]),
  ]);
}

/** What both headers of an entry say, from the version needed to the length of the extra field. */
const commonFields = (content: Uint8Array, packedBytes: number, nameBytes: number, timeMs: number): Field[] => [
  [VERSION, 2],
  [UTF8_NAMES, 2],
  [DEFLATED, 2],
  [dosTime(timeMs), 4],
  [crc32(content), 4],
  [packedBytes, 4],
  [content.byteLength, 4],
  [nameBytes, 2],
  [0, 2],
];

type Field = readonly [value: number, bytes: number];

function fields(...values: readonly Field[]): Buffer {
  const buffer = Buffer.alloc(values.reduce((sum, [, bytes]) => sum + bytes, 0));
  let offset = 0;
  for (const [value, bytes] of values) offset = buffer.writeUIntLE(value, offset, bytes);
  return buffer;
}

/** Two seconds are its unit, 1980 is its beginning; in UTC, since no zone goes with it. */
function dosTime(timeMs: number): number {
  const time = new Date(Math.max(timeMs, Date.UTC(1980, 0, 1)));
  const day = ((time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
  const second = (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);
  return day * 0x10000 + second;
}

/** All entries in the order of the directory. @throws {BloblangError} */
export function unpackZip(bytes: Uint8Array): ArchiveEntry[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let offset = archive.readUInt32LE(end + 16);
  let total = 0;
  return Array.from({ length: count }, () => {
    const header = part(archive, offset, CENTRAL.bytes);
    if (header.readUInt32LE(0) !== CENTRAL.signature) throw new BloblangError('zip: not a valid zip file');
    const nameBytes = header.readUInt16LE(28);
    const path = part(archive, offset + CENTRAL.bytes, nameBytes).toString();
    offset += CENTRAL.bytes + nameBytes + header.readUInt16LE(30) + header.readUInt16LE(32);
    total += header.readUInt32LE(24);
    checkLength(total);
    return { path, content: contentOf(archive, header) };
  });
}

function contentOf(archive: Buffer, header: Buffer): Uint8Array {
  const local = header.readUInt32LE(42);
  const localHeader = part(archive, local, LOCAL.bytes);
  if (localHeader.readUInt32LE(0) !== LOCAL.signature) throw new BloblangError('zip: not a valid zip file');
  const start = local + LOCAL.bytes + localHeader.readUInt16LE(26) + localHeader.readUInt16LE(28);
  const content = inflate(part(archive, start, header.readUInt32LE(20)), header);
  if (content.byteLength !== header.readUInt32LE(24) || crc32(content) !== header.readUInt32LE(16)) {
    throw new BloblangError('zip: checksum error');
  }
  return content;
}

function inflate(data: Buffer, header: Buffer): Uint8Array {
  const method = header.readUInt16LE(10);
  const isEncrypted = (header.readUInt16LE(8) & 1) === 1;
  if (isEncrypted || (method !== STORED && method !== DEFLATED)) throw new BloblangError('zip: unsupported compression algorithm');
  if (method === STORED) return data;
  const size = header.readUInt32LE(24);
  try {
    return inflateRawSync(data, { maxOutputLength: Math.min(Math.max(size, 1), MAX_TEXT_LENGTH) });
  } catch (error) {
    throw new BloblangError(`zip: ${(error as Error).message}`, false, error);
  }
}

/** Where the end of the directory stands: last, but for a comment. */
function endOf(archive: Buffer): number {
  const first = Math.max(0, archive.length - END.bytes - LONGEST_COMMENT);
  for (let offset = archive.length - END.bytes; offset >= first; offset--) {
    if (archive.readUInt32LE(offset) === END.signature) return offset;
  }
  throw new BloblangError('zip: not a valid zip file');
}

function part(archive: Buffer, offset: number, length: number): Buffer {
  if (offset + length > archive.length) throw new BloblangError('zip: not a valid zip file');
  return archive.subarray(offset, offset + length);
}
