/** The frame of Avro's object container files: a header, and blocks of objects, each compressed by itself. */
import { crc32 } from 'node:zlib';
import { decompressorOf } from '@sluice/codecs';
import { ByteReader } from './byte-reader.ts';
import { SourceMalformedError } from './errors.ts';
import type { Bytes } from './scanner.ts';

export interface AvroHeader {
  readonly schema: string;
  readonly codec: string;
}

export interface AvroBlock {
  /** Of the objects. */
  readonly count: number;
  readonly data: Buffer;
}

const MAGIC = Buffer.from('Obj\u0001');
const SYNC_BYTES = 16;
/** A block is held as a whole; this is also what a mapping may make. */
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

const CODECS: ReadonlyMap<string, (data: Buffer) => Uint8Array> = new Map([
  ['null', (data: Buffer) => data],
  ['deflate', decompressorOf('flate')],
  ['snappy', unsnappy],
  ['zstandard', decompressorOf('zstd')],
  ['bzip2', decompressorOf('bzip2')],
]);

/** @throws {SourceMalformedError} here or while the blocks are read: it is no such file, or breaks off */
export async function readContainer(bytes: Bytes): Promise<{ readonly header: AvroHeader; readonly blocks: AsyncIterable<AvroBlock> }> {
  const reader = new ByteReader(bytes);
  if (!(await reader.take(MAGIC.length)).equals(MAGIC))
    throw new SourceMalformedError('expected an Avro container file, found other bytes at its start');
  const metadata = await readMetadata(reader);
  const codec = metadata.get('avro.codec') ?? 'null';
  const decompress = CODECS.get(codec);
  if (!decompress) throw new SourceMalformedError(`expected a codec out of ${[...CODECS.keys()].join(', ')}, found \`${codec}\``);
  const sync = await reader.take(SYNC_BYTES);
  return { header: { schema: metadata.get('avro.schema') ?? '', codec }, blocks: readBlocks(reader, sync, decompress) };
}

/** A map of bytes: blocks of pairs, of which the last is empty. A negative count is followed by the size of its block. */
async function readMetadata(reader: ByteReader): Promise<Map<string, string>> {
  const metadata = new Map<string, string>();
  for (let count = await readLong(reader); count !== 0; count = await readLong(reader)) {
    if (count < 0) await readLong(reader);
    for (let index = 0; index < Math.abs(count); index++) metadata.set(await readText(reader), await readText(reader));
  }
  return metadata;
}

async function* readBlocks(reader: ByteReader, sync: Buffer, decompress: (data: Buffer) => Uint8Array): AsyncIterable<AvroBlock> {
  while (!(await reader.isAtEnd())) {
    const count = await readLong(reader);
    const data = await reader.take(checkSize(await readLong(reader)));
    if (!(await reader.take(SYNC_BYTES)).equals(sync))
      throw new SourceMalformedError('expected the marker of an Avro file behind a block, found other bytes');
    yield { count, data: Buffer.from(unpack(data, decompress)) };
  }
}

function unpack(data: Buffer, decompress: (data: Buffer) => Uint8Array): Uint8Array {
  try {
    return decompress(data);
  } catch (error) {
    throw new SourceMalformedError(`a block of an Avro file cannot be decompressed: ${(error as Error).message}`, { cause: error });
  }
}

/** Avro puts a checksum behind the block. */
function unsnappy(data: Buffer): Uint8Array {
  const content = decompressorOf('snappy')(data.subarray(0, -4));
  if (data.length < 4 || crc32(content) !== data.readUInt32BE(data.length - 4)) throw new Error('its checksum does not fit');
  return content;
}

const readText = async (reader: ByteReader): Promise<string> => (await reader.take(checkSize(await readLong(reader)))).toString();

/** A variable number of bytes, in zigzag order. Lengths and counts are far below what a number holds exactly. */
async function readLong(reader: ByteReader): Promise<number> {
  let value = 0;
  for (let factor = 1; factor < 2 ** 49; factor *= 128) {
    const byte = (await reader.take(1))[0]!;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
  throw new SourceMalformedError('expected a length in an Avro file, found a number that is too large');
}

function checkSize(size: number): number {
  if (size >= 0 && size <= MAX_BLOCK_BYTES) return size;
  throw new SourceMalformedError(`expected at most ${MAX_BLOCK_BYTES} bytes in a block of an Avro file, found ${size}`);
}
