import { createHmac, hash as digestOf } from 'node:crypto';
import { BloblangError, encodeText, quote } from '@sluice/values';
import { crc32, fnv32 } from './checksum.ts';
import { xxhash64 } from './xxhash64.ts';

type Hash = (bytes: Uint8Array) => Uint8Array;

/** Names of the language, with those of the engine. */
const DIGESTS = new Map([
  ['md5', 'md5'],
  ['sha1', 'sha1'],
  ['sha256', 'sha256'],
  ['sha512', 'sha512'],
  ['sha3_256', 'sha3-256'],
  ['sha3_512', 'sha3-512'],
]);

/** These give their number as decimal digits, not as its bytes. */
const DECIMAL_HASHES = new Map<string, Hash>([
  ['xxhash64', (bytes) => Buffer.from(String(xxhash64(bytes)))],
  ['fnv32', (bytes) => Buffer.from(String(fnv32(bytes)))],
]);

/** The hash of a name; `key` is for an HMAC, `polynomial` for a CRC. Throws BloblangError for an unknown name and for an HMAC without a key. */
export function hashOf(algorithm: string, key: string | undefined, polynomial: string): Hash {
  const keyed = /^hmac[-_](sha1|sha256|sha512)$/.exec(algorithm);
  if (keyed !== null) return hmacOf(algorithm, keyed[1]!, key);
  const digest = DIGESTS.get(algorithm);
  if (digest !== undefined) return (bytes) => digestOf(digest, bytes, 'buffer');
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
