import { randomBytes, randomUUID } from 'node:crypto';
import { defineFunction } from '@sluice/bloblang';
import { BloblangError, checkLength } from '@sluice/values';
import { nowNanoseconds } from './clock.ts';

export const uuidV4 = defineFunction('uuid_v4', {
  category: 'General',
  status: 'stable',
  description: 'A new random UUID, as text.',
  examples: [{ mapping: 'root.id = uuid_v4()' }],
  evaluate: () => randomUUID(),
});

export const uuidV7 = defineFunction('uuid_v7', {
  category: 'General',
  status: 'stable',
  description: 'A new UUID that begins with the time, so that later ones sort behind earlier ones.',
  parameters: [{ name: 'time', type: 'timestamp', optional: true, description: 'The time to begin with, instead of now.' }],
  examples: [{ mapping: 'root.id = uuid_v7()' }, { mapping: 'root.id = uuid_v7(this.created_at.timestamp())' }],
  evaluate: ([time]) => {
    const milliseconds = (time?.nanoseconds ?? nowNanoseconds()) / 1_000_000n;
    const bytes = randomBytes(16);
    bytes.writeUIntBE(Number(BigInt.asUintN(48, milliseconds)), 0, 6);
    bytes[6] = (bytes[6]! & 0x0f) | 0x70;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  },
});

const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Seconds between 1970 and the moment from which a KSUID counts. */
const KSUID_EPOCH = 1_400_000_000n;
const KSUID_LENGTH = 27;

export const ksuid = defineFunction('ksuid', {
  category: 'General',
  status: 'stable',
  description: 'A new KSUID: a time in seconds and 128 random bits, as 27 characters that sort by time.',
  examples: [{ mapping: 'root.id = ksuid()' }],
  evaluate: () => {
    const seconds = BigInt.asUintN(32, nowNanoseconds() / 1_000_000_000n - KSUID_EPOCH);
    let rest = (seconds << 128n) | BigInt(`0x${randomBytes(16).toString('hex')}`);
    let text = '';
    for (let index = 0; index < KSUID_LENGTH; index++) {
      text = BASE_62[Number(rest % 62n)] + text;
      rest /= 62n;
    }
    return text;
  },
});

const NANOID_ALPHABET = '_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NANOID_LENGTH = 21n;

export const nanoid = defineFunction('nanoid', {
  category: 'General',
  status: 'stable',
  description: 'A new random identifier of 21 letters, digits, `_` and `-`, or of a length and an alphabet of your own.',
  parameters: [
    { name: 'length', type: 'integer', optional: true, description: 'The number of characters.' },
    { name: 'alphabet', type: 'string', optional: true, description: 'The characters to draw from; needs a length.' },
  ],
  examples: [{ mapping: 'root.id = nanoid()' }, { mapping: 'root.id = nanoid(54)' }, { mapping: 'root.pin = nanoid(6, "0123456789")' }],
  prepare: ([length, alphabet]) => {
    if (alphabet !== undefined && length === undefined) {
      throw new BloblangError('field length must be specified when an alphabet is specified');
    }
    const characters = [...(alphabet ?? NANOID_ALPHABET)];
    const size = Number(length ?? NANOID_LENGTH);
    return () => {
      if (characters.length === 0 || characters.length > 255) {
        throw new BloblangError('alphabet must not be empty and contain no more than 255 chars');
      }
      if (size < 0 || (size === 0 && alphabet !== undefined)) {
        throw new BloblangError(alphabet === undefined ? 'negative id length' : 'size must be positive integer');
      }
      checkLength(size);
      return drawCharacters(characters, size);
    };
  },
});

/** Draws with equal chance: a random number beyond the alphabet is thrown away. */
function drawCharacters(characters: readonly string[], size: number): string {
  const mask = (2 << (31 - Math.clz32((characters.length - 1) | 1))) - 1;
  let text = '';
  for (let drawn = 0; drawn < size; ) {
    for (const byte of randomBytes(Math.min(size - drawn, 1024) * 2)) {
      const character = characters[byte & mask];
      if (character === undefined || drawn >= size) continue;
      text += character;
      drawn++;
    }
  }
  return text;
}
