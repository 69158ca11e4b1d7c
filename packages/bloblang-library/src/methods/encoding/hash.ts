import { defineMethod } from '@sluice/bloblang';
import { hashOf } from '@sluice/codecs';
import { bytesOf } from '@sluice/values';

export const hash = defineMethod('hash', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description:
    'The hash of the text or bytes of the target, as bytes: `md5`, `sha1`, `sha256`, `sha512`, `sha3_256`, `sha3_512`, `crc32`, with a key `hmac_sha1`, ' +
    '`hmac_sha256`, `hmac_sha512`, and as decimal digits `xxhash64` and `fnv32`. Call `encode("hex")` or `string()` on it to put it ' +
    'into a document.',
  parameters: [
    { name: 'algorithm', type: 'string', description: 'The name of the algorithm.' },
    { name: 'key', type: 'string', optional: true, description: 'The key of an `hmac_…` algorithm.' },
    {
      name: 'polynomial',
      type: 'string',
      default: 'IEEE',
      description: 'For `crc32`: `IEEE`, `Castagnoli` or `Koopman`.',
    },
  ],
  examples: [
    {
      mapping: 'root.md5 = this.v.hash("md5").encode("hex")\nroot.mac = this.v.hash("hmac_sha256", "secret").encode("base64")',
      input: { v: 'abc' },
      output: { md5: '900150983cd24fb0d6963f7d28e17f72', mac: 'mUba1OAOkT/Ivo5dP34RCkqegy+D+wnDRShdeGONig4=' },
    },
    {
      mapping: 'root.lane = this.user.hash("xxhash64").string().uint64() % 8',
      input: { user: 'abc' },
      output: { lane: 1 },
    },
    {
      mapping: 'root.crc = this.v.hash(algorithm: "crc32", polynomial: "Castagnoli").encode("hex")',
      input: { v: '123456789' },
      output: { crc: 'e3069283' },
    },
  ],
  prepare: ([algorithm, key, polynomial]) => {
    const digest = hashOf(algorithm, key, polynomial);
    return (value) => digest(bytesOf(value));
  },
});
