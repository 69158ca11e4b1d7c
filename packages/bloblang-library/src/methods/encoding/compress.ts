import { defineMethod } from '@sluice/bloblang';
import { compressorOf, decompressorOf } from '@sluice/codecs';

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
