import { createHmac, hash as digestOf } from 'node:crypto';
import { defineMethod } from '../../registry/define-method.ts';
import { BloblangError } from '../../value/errors.ts';
import { quote } from '../../value/quote.ts';
import { encodeText } from '../../value/text.ts';
import { bytesOf } from './bytes-of.ts';
import { crc32, fnv32 } from './checksum.ts';
import { xxhash64 } from './xxhash64.ts';

type Hash = (bytes: Uint8Array) => Uint8Array;

/** These give their number as decimal digits, not as its bytes. */
const DECIMAL_HASHES = new Map<string, Hash>([
  ['xxhash64', (bytes) => Buffer.from(String(xxhash64(bytes)))],
  ['fnv32', (bytes) => Buffer.from(String(fnv32(bytes)))],
]);

function hashOf(algorithm: string, key: string | undefined, polynomial: string): Hash {
  const keyed = /^hmac[-_](sha1|sha256|sha512)$/.exec(algorithm);
  if (keyed !== null) return hmacOf(algorithm, keyed[1]!, key);
  if (['md5', 'sha1', 'sha256', 'sha512'].includes(algorithm)) return (bytes) => digestOf(algorithm, bytes, 'buffer');
  if (algorithm === 'crc32') return crc32Of(polynomial);
  const hash = DECIMAL_HASHES.get(algorithm);
  if (hash === undefined) throw new BloblangError(`unrecognized hash type: ${algorithm}`);
  return hash;
}

function hmacOf(algorithm: string, digest: string, key: string | undefined): Hash {
  if (key === undefined || key === '') throw new BloblangError(`hash algorithm ${algorithm} requires a key argument`);
  const secret = encodeText(key);
  return (bytes) => createHmac(digest, secret).update(bytes).digest();
}

function crc32Of(polynomial: string): Hash {
  const checksum = crc32(polynomial);
  return (bytes) => {
    // Only now: the original finds out when it hashes.
    if (checksum === undefined) throw new BloblangError(`unsupported crc32 hash key ${quote(polynomial)}`);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(checksum(bytes));
    return sum;
  };
}

export const hash = defineMethod('hash', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description:
    'The hash of the text or bytes of the target, as bytes: `md5`, `sha1`, `sha256`, `sha512`, `crc32`, with a key `hmac_sha1`, ' +
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
