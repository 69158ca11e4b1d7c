import { defineMethod } from '../../registry/define-method.ts';
import { BloblangError } from '../../value/errors.ts';
import { checkLength } from '../../value/limits.ts';
import { decompressBzip2 } from './compression/bzip2.ts';
import { compressFlate, compressGzip, compressZlib, decompressFlate, decompressGzip, decompressZlib } from './compression/flate.ts';
import { compressLz4, decompressLz4 } from './compression/lz4.ts';
import { compressSnappy, decompressSnappy } from './compression/snappy.ts';
import { compressZstd, decompressZstd } from './compression/zstd.ts';

interface Algorithm {
  readonly compress?: (bytes: Uint8Array, level: number) => Uint8Array;
  readonly decompress: (bytes: Uint8Array) => Uint8Array;
}

const GZIP: Algorithm = { compress: compressGzip, decompress: decompressGzip };

const ALGORITHMS = new Map<string, Algorithm>([
  ['gzip', GZIP],
  ['pgzip', GZIP],
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

export const compress = defineMethod('compress', {
  category: 'Encoding and Encryption',
  status: 'stable',
  isPlugin: true,
  receiver: 'bytes',
  description:
    'The text or bytes of the target, compressed by `gzip`, `pgzip` (the same), `zlib`, `flate` (raw deflate), `lz4` (a frame), `snappy` ' +
    '(the raw format) or `zstd`.',
  parameters: [
    { name: 'algorithm', type: 'string', description: 'The name of the algorithm.' },
    {
      name: 'level',
      type: 'integer',
      default: -1n,
      description:
        'How hard to try: up to 9 for `gzip`, `zlib`, `flate` and `lz4`, up to 22 for `zstd`; -1 is the default of the algorithm.',
    },
  ],
  examples: [
    {
      mapping: 'root.small = this.text.compress("gzip").length() < this.text.length()',
      input: {
        text: 'again and again and again and again and again and again and again and again and again and again and again and again and again',
      },
      output: { small: true },
    },
    {
      mapping: 'root.packed = content().compress("lz4").encode("base64")',
      input: 'sluice',
      output: { packed: 'BCJNGGRwuQYAAIBzbHVpY2UAAAAA6f49eA==' },
    },
  ],
  prepare: ([name, level]) => {
    const run = compressorOf(name);
    return (bytes) => run(bytes, Number(level));
  },
});

export const decompress = defineMethod('decompress', {
  category: 'Encoding and Encryption',
  status: 'stable',
  isPlugin: true,
  receiver: 'bytes',
  description:
    'The bytes that were compressed by `gzip`, `pgzip`, `zlib`, `flate`, `bzip2`, `lz4`, `snappy` or `zstd`. Call `string()` on them to put ' +
    'them into a document as text. What unpacks to more than 64 MiB fails.',
  parameters: [{ name: 'algorithm', type: 'string', description: 'The name of the algorithm.' }],
  examples: [
    {
      mapping: 'root.text = this.packed.decode("base64").decompress("lz4").string()',
      input: { packed: 'BCJNGGRwuQYAAIBzbHVpY2UAAAAA6f49eA==' },
      output: { text: 'sluice' },
    },
    {
      mapping: 'root = this.packed.decode("base64").decompress("gzip").catch("damaged")',
      input: { packed: 'bm90IGd6aXAgYXQgYWxs' },
      output: 'damaged',
    },
  ],
  prepare: ([name]) => {
    const run = decompressorOf(name);
    return (bytes) => run(bytes);
  },
});
