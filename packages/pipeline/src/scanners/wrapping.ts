/** Scanners that hand what they make of a source to another one. */
import { Readable } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import type { Message } from '@sluice/bloblang';
import { decompressorOf, unpackTar } from '@sluice/codecs';
import { BloblangError } from '@sluice/values';
import { SourceMalformedError } from './errors.ts';
import { type Bytes, collect, messageOf, type Scanner } from './scanner.ts';

const BOM = Buffer.from('\ufeff');

/** Without a byte order mark in front. */
export const skipBom =
  (into: Scanner): Scanner =>
  (bytes, name) =>
    into(withoutBom(bytes), name);

async function* withoutBom(bytes: Bytes): Bytes {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (!start) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < BOM.length) continue;
    yield start.subarray(0, BOM.length).equals(BOM) ? start.subarray(BOM.length) : start;
    start = undefined;
  }
  if (start && start.length > 0) yield start;
}

/** Those that can be undone as they come. */
const STREAMED = {
  gzip: createGunzip,
  pgzip: createGunzip,
  zlib: createInflate,
  flate: createInflateRaw,
  zstd: createZstdDecompress,
} as const;

/** Decompressed. Throws what the algorithm has against the bytes. */
export const decompress = (algorithm: string, into: Scanner): Scanner =>
  Object.hasOwn(STREAMED, algorithm)
    ? (bytes, name) => into(piped(bytes, algorithm as keyof typeof STREAMED), name)
    : (bytes, name) => into(decompressed(bytes, algorithm), name);

function piped(bytes: Bytes, algorithm: keyof typeof STREAMED): Bytes {
  const source = Readable.from(bytes);
  const target = STREAMED[algorithm]();
  source.on('error', (error) => target.destroy(error));
  return source.pipe(target);
}

async function* decompressed(bytes: Bytes, algorithm: string): Bytes {
  const whole = await collect(bytes, algorithm);
  try {
    yield decompressorOf(algorithm)(whole);
  } catch (error) {
    if (!(error instanceof BloblangError)) throw error;
    throw new SourceMalformedError(`\`${algorithm}\`: ${error.message}`, { cause: error });
  }
}

/** A message for each file of an archive, with its name in the metadata `tar_name`. */
export const tar: Scanner = async function* (bytes) {
  for (const { path, content } of unpackTar(await collect(bytes, 'tar'))) yield [messageOf(content, { tar_name: path })];
};

/** By the name of a source: the scanner of the first pattern that matches. */
export const byName =
  (cases: readonly { readonly pattern: RegExp; readonly scanner: Scanner }[]): Scanner =>
  (bytes, name) => {
    const found = cases.find(({ pattern }) => pattern.test(name));
    if (found) return found.scanner(bytes, name);
    throw new SourceMalformedError(`expected a name that a case of the \`switch\` scanner matches, found ${name}`);
  };

/** A message for each match, which begins with it and ends before the next; what stands before the first is one too. */
export const reMatch = (pattern: RegExp): Scanner =>
  async function* (bytes) {
    // As latin1 each byte is a character, so that places are places of bytes.
    const data = await collect(bytes, 're_match');
    const starts = [...data.toString('latin1').matchAll(pattern)].map(({ index }) => index);
    const cuts = [...new Set([0, ...starts, data.length])];
    for (const [place, start] of cuts.slice(0, -1).entries()) yield [messageOf(data.subarray(start, cuts[place + 1]))];
  };

/** Batches that end at an empty message, which is left out. */
export const multipart = (scanner: Scanner): Scanner =>
  async function* (bytes, name) {
    let batch: Message[] = [];
    for await (const messages of scanner(bytes, name))
      for (const message of messages) {
        if (message.content.length > 0) batch.push(message);
        else if (batch.length > 0) {
          yield batch;
          batch = [];
        }
      }
    if (batch.length > 0) yield batch;
  };
