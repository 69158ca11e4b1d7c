import { randomBytes } from 'node:crypto';
import { defineFunction } from '@sluice/bloblang';
import { BloblangError } from '@sluice/values';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ENCODINGS = ['crockford', 'hex'];
const RANDOM_SOURCES = ['secure_random', 'fast_random'];

export const ulid = defineFunction('ulid', {
  category: 'General',
  status: 'experimental',
  isPlugin: true,
  description: 'A new ULID: the time in milliseconds and 80 random bits, as text that sorts by time.',
  parameters: [
    {
      name: 'encoding',
      type: 'string',
      default: 'crockford',
      description: '`crockford` (base 32, 26 characters) or `hex` (32 characters).',
    },
    {
      name: 'random_source',
      type: 'string',
      default: 'secure_random',
      description: '`secure_random` or `fast_random`. Both are as secure, and as fast, here.',
    },
  ],
  examples: [
    { mapping: 'root.id = ulid()' },
    { mapping: 'root.id = ulid("hex")' },
    { mapping: 'root.id = ulid("crockford", "fast_random")' },
  ],
  prepare: ([encoding, source]) => {
    if (!ENCODINGS.includes(encoding)) throw new BloblangError(`invalid ulid encoding: ${encoding}`);
    if (!RANDOM_SOURCES.includes(source)) throw new BloblangError(`invalid randomness source: ${source}`);
    const format = encoding === 'hex' ? (bytes: Buffer): string => bytes.toString('hex') : toCrockford;
    return () => {
      const bytes = randomBytes(16);
      bytes.writeUIntBE(Date.now(), 0, 6);
      return format(bytes);
    };
  },
});

/** 128 bits as 26 digits of five; the first digit has three. */
function toCrockford(bytes: Buffer): string {
  let text = '';
  let pending = 0;
  let length = 2;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    length += 8;
    while (length >= 5) {
      length -= 5;
      text += CROCKFORD[(pending >> length) & 31];
    }
    pending &= 31;
  }
  return text;
}
