import { BloblangError, checkLength } from '@sluice/values';
import { decompressBzip2 } from './bzip2.ts';
import { compressFlate, compressGzip, compressPgzip, compressZlib, decompressFlate, decompressGzip, decompressZlib } from './flate.ts';
import { compressLz4, decompressLz4 } from './lz4.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';
import { compressZstd, decompressZstd } from './zstd.ts';

interface Algorithm {
  readonly compress?: (bytes: Uint8Array, level: number) => Uint8Array;
  readonly decompress: (bytes: Uint8Array) => Uint8Array;
}

const ALGORITHMS = new Map<string, Algorithm>([
  ['gzip', { compress: compressGzip, decompress: decompressGzip }],
  ['pgzip', { compress: compressPgzip, decompress: decompressGzip }],
  ['zlib', { compress: compressZlib, decompress: decompressZlib }],
  ['flate', { compress: compressFlate, decompress: decompressFlate }],
  ['bzip2', { decompress: decompressBzip2 }],
  ['lz4', { compress: compressLz4, decompress: decompressLz4 }],
  ['snappy', { compress: compressSnappy, decompress: decompressSnappy }],
  ['zstd', { compress: compressZstd, decompress: decompressZstd }],
]);

/** Compresses by the algorithm of that name; level -1 is its own default. Throws BloblangError if there is none that compresses. */
export function compressorOf(name: string): (bytes: Uint8Array, level: number) => Uint8Array {
  const run = algorithmOf(name).compress;
  if (run === undefined) throw new BloblangError(`compression type not recognised: ${name}`);
  return (bytes, level) => {
    checkLength(bytes.length);
    return run(bytes, level);
  };
}

/** Decompresses by the algorithm of that name, up to 64 MiB. Throws BloblangError if there is none. */
export const decompressorOf = (name: string): ((bytes: Uint8Array) => Uint8Array) => algorithmOf(name).decompress;

function algorithmOf(name: string): Algorithm {
  const algorithm = ALGORITHMS.get(name);
  if (algorithm === undefined) throw new BloblangError(`compression type not recognised: ${name}`);
  return algorithm;
}
