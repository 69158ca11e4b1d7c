import * as crypto from 'node:crypto';
import { defineMethod } from '@sluice/bloblang';
import { decodeBase64 } from '@sluice/codecs';
import { BloblangError, encodeText, errorText, toWellFormed } from '@sluice/values';
import { compareSync } from 'bcryptjs';

interface Argon2Hash {
  readonly algorithm: 'argon2i' | 'argon2id';
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
}

/** KiB that one comparison may use, and KiB times passes it may go over: hashes may come from those who are not trusted. */
const MAX_MEMORY = 256 * 1024;
const MAX_WORK = 4 * 1024 * 1024;

const invalidHash = (reason = ''): BloblangError => new BloblangError(`invalid argon2 hash${reason === '' ? '' : `: ${reason}`}`);

function parseArgon2Hash(text: string): Argon2Hash {
  const parts = text.split('$');
  if (parts.length !== 6) throw invalidHash();
  const [, algorithm, version, parameters, salt, key] = parts as [string, string, string, string, string, string];
  if (algorithm !== 'argon2i' && algorithm !== 'argon2id') throw invalidHash('unrecognised argon2 format');
  if (!/^v=\S+/.test(version)) throw invalidHash('failed to parse version');
  const numbers = /^m=(\d+),t=(\d+),p=(\d+)(.*)$/s.exec(parameters);
  if (numbers === null) throw invalidHash('failed to parse parameters');
  if (numbers[4] !== '') throw invalidHash('excess characters in parameters segment');
  const [memory, passes, parallelism] = numbers.slice(1, 4).map(Number) as [number, number, number];
  if (passes < 1 || parallelism < 1 || parallelism > 255) throw invalidHash('failed to parse parameters');
  if (memory > MAX_MEMORY || memory * passes > MAX_WORK) throw invalidHash('parameters ask for too much memory or time');
  return { algorithm, memory, passes, parallelism, salt: decodePart(salt, 'salt'), key: decodePart(key, 'key') };
}

function decodePart(text: string, name: string): Uint8Array {
  try {
    return decodeBase64(encodeText(text), { encoding: 'base64', isPadded: false });
  } catch {
    throw invalidHash(`failed to parse base64 ${name}`);
  }
}

function matchesArgon2(secret: string, hash: string): boolean {
  if (secret === '') return false;
  const { algorithm, memory, passes, parallelism, salt, key } = parseArgon2Hash(hash);
  try {
    const message = encodeText(secret);
    return crypto.timingSafeEqual(
      crypto.argon2Sync(algorithm, { message, nonce: salt, parallelism, tagLength: key.length, memory, passes }),
      key,
    );
  } catch (error) {
    throw invalidHash(errorText(error));
  }
}

/** Node 22 has none: there a mapping with this method is refused. */
const hasArgon2 = typeof crypto.argon2Sync === 'function';

const ARGON2_EXAMPLE = '$argon2id$v=19$m=1024,t=1,p=1$c2FsdHNhbHQ$rYNYrgmy1DEqx4TbxZSOLVcoChyC9dX9iRqt841rLfg';

export const compareArgon2 = defineMethod('compare_argon2', {
  category: 'String Manipulation',
  status: 'stable',
  isPlugin: true,
  receiver: 'string',
  description:
    'Whether a secret is the one that a hash was made from by Argon2 (`argon2i` or `argon2id`). The hash is the full text with its ' +
    'parameters; one that asks for more than 256 MiB fails.',
  parameters: [{ name: 'hashed_secret', type: 'string', description: 'The hash: `$argon2id$v=19$m=…,t=…,p=…$salt$key`.' }],
  examples: [
    { mapping: `root.ok = this.secret.compare_argon2("${ARGON2_EXAMPLE}")`, input: { secret: 'open sesame' }, output: { ok: true } },
    { mapping: `root.ok = this.secret.compare_argon2("${ARGON2_EXAMPLE}")`, input: { secret: 'open barley' }, output: { ok: false } },
  ],
  prepare: ([hash]) => {
    if (!hasArgon2) throw new BloblangError(`compare_argon2 needs Node 24.7 or newer, found ${process.version}`);
    return (secret) => matchesArgon2(secret, hash);
  },
});

/** A higher cost takes minutes. */
const MAX_COST = 15;

function matchesBcrypt(secret: string, hash: string): boolean {
  checkBcryptHash(hash);
  return compareSync(toWellFormed(secret), hash.slice(0, 60));
}

/** Throws with the original's words for what is no hash. */
function checkBcryptHash(hash: string): void {
  if (encodeText(hash).length < 59) throw new BloblangError('crypto/bcrypt: hashedSecret too short to be a bcrypted password');
  if (hash[0] !== '$') {
    throw new BloblangError(`crypto/bcrypt: bcrypt hashes must start with '$', but hashedSecret started with '${hash[0]}'`);
  }
  if (hash[1]! > '2') {
    throw new BloblangError(`crypto/bcrypt: bcrypt algorithm version '${hash[1]}' requested is newer than current version '2'`);
  }
  const cost = /^\$2[abxy]?\$(\d\d)\$[./A-Za-z0-9]+$/.exec(hash)?.[1];
  if (cost === undefined) throw new BloblangError('crypto/bcrypt: hashedSecret is not a bcrypted password');
  if (Number(cost) < 4 || Number(cost) > 31)
    throw new BloblangError(`crypto/bcrypt: cost ${Number(cost)} is outside allowed inclusive range 4..31`);
  if (Number(cost) > MAX_COST) throw new BloblangError(`crypto/bcrypt: cost ${cost} exceeds the maximum of ${MAX_COST}`);
}

const BCRYPT_EXAMPLE = '$2b$04$TYa3r7bRdWa7epA6jbI0Ae1lEm.ZQ7R6wSGJcLOmcz1ePuzizzB4e';

export const compareBcrypt = defineMethod('compare_bcrypt', {
  category: 'String Manipulation',
  status: 'stable',
  isPlugin: true,
  receiver: 'string',
  description: 'Whether a secret is the one that a hash was made from by bcrypt. A hash of a cost above 15 fails.',
  parameters: [{ name: 'hashed_secret', type: 'string', description: 'The hash: `$2b$10$…`.' }],
  examples: [
    { mapping: `root.ok = this.secret.compare_bcrypt("${BCRYPT_EXAMPLE}")`, input: { secret: 'open sesame' }, output: { ok: true } },
    { mapping: `root.ok = this.secret.compare_bcrypt("${BCRYPT_EXAMPLE}")`, input: { secret: 'open barley' }, output: { ok: false } },
  ],
  prepare:
    ([hash]) =>
    (secret) =>
      matchesBcrypt(secret, hash),
});
