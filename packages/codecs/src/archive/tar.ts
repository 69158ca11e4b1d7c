/** Tar archives in memory: POSIX ustar, with a pax header where a path does not fit; GNU long names are read too. */
import { BloblangError } from '@sluice/values';
import type { ArchiveEntry } from './entry.ts';

const BLOCK = 512;
const NAME_BYTES = 100;

/** `timeMs`: when the files were last changed, milliseconds since 1970. */
export function packTar(entries: readonly ArchiveEntry[], timeMs: number): Uint8Array {
  const blocks = entries.flatMap(({ path, content }) => {
    const name = Buffer.from(path);
    const fits = name.length <= NAME_BYTES && name.every((byte) => byte < 0x80);
    const extended = fits ? [] : file('PaxHeaders.0/path', 'x', paxRecord('path', path), timeMs);
    return [...extended, ...file(fits ? path : name.subarray(0, NAME_BYTES).toString('latin1'), '0', content, timeMs)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function file(name: string, type: string, content: Uint8Array, timeMs: number): Uint8Array[] {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, offset: number, width: number) =>
    header.write(value.toString(8).padStart(width - 1, '0'), offset, 'latin1');
  header.write(name, 0, NAME_BYTES, 'latin1');
  octal(0o666, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(content.byteLength, 124, 12);
  octal(Math.floor(timeMs / 1_000), 136, 12);
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  octal(checksum(header), 148, 7);
  return [header, content, Buffer.alloc(paddingOf(content.byteLength))];
}

/** The length in front counts its own digits. */
function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return Buffer.from(`${length} ${key}=${value}\n`);
}

/** All entries, in order. @throws {BloblangError} */
export function unpackTar(bytes: Uint8Array): ArchiveEntry[] {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ArchiveEntry[] = [];
  let longPath: string | undefined;
  for (let offset = 0; offset < archive.length; ) {
    const header = archive.subarray(offset, offset + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    if (header.length < BLOCK) throw new BloblangError('unexpected EOF');
    if (readOctal(header, 148, 8) !== checksum(header)) throw new BloblangError('archive/tar: invalid tar header');
    const size = readOctal(header, 124, 12);
    const content = archive.subarray(offset + BLOCK, offset + BLOCK + size);
    if (content.length < size) throw new BloblangError('unexpected EOF');
    offset += BLOCK + size + paddingOf(size);
    const type = String.fromCharCode(header[156]!);
    if (type === 'x') longPath = paxPath(content) ?? longPath;
    else if (type === 'L') longPath = readText(content, 0, content.length);
    else if (type !== 'g') {
      entries.push({ path: longPath ?? pathOf(header), content });
      longPath = undefined;
    }
  }
  return entries;
}

function pathOf(header: Buffer): string {
  const name = readText(header, 0, NAME_BYTES);
  const prefix = header.toString('latin1', 257, 263) === 'ustar\0' ? readText(header, 345, 155) : '';
  return prefix ? `${prefix}/${name}` : name;
}

function paxPath(records: Buffer): string | undefined {
  let path: string | undefined;
  for (let offset = 0; offset < records.length; ) {
    const [, digits] = /^(\d{1,9}) /.exec(records.toString('latin1', offset, offset + 10)) ?? [];
    const end = offset + Number(digits ?? 0);
    if (digits === undefined || end > records.length || end === offset) throw new BloblangError('archive/tar: invalid tar header');
    const [key, ...value] = records.toString('utf8', offset + digits.length + 1, end - 1).split('=');
    if (key === 'path') path = value.join('=');
    offset = end;
  }
  return path;
}

function readText(bytes: Buffer, offset: number, width: number): string {
  const field = bytes.subarray(offset, offset + width);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? width : end);
}

function readOctal(header: Buffer, offset: number, width: number): number {
  const text = header
    .toString('latin1', offset, offset + width)
    .replaceAll('\0', ' ')
    .trim();
  if (!/^[0-7]*$/.test(text)) throw new BloblangError('archive/tar: invalid tar header');
  return Number.parseInt(text || '0', 8);
}

/** Of a header whose checksum field counts as spaces. */
function checksum(header: Buffer): number {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}

const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;
