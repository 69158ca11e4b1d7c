import { createCipheriv, createDecipheriv } from 'node:crypto';
import { defineMethod } from '@sluice/bloblang';
import { BloblangError, bytesOf, decodeText, encodeText } from '@sluice/values';

const BLOCK_SIZE = 16;
const TAG_SIZE = 16;
const KEY_SIZES = [16, 24, 32];
const SCHEMES = ['ctr', 'ofb', 'cbc', 'gcm'];

interface Cipher {
  readonly scheme: string;
  readonly algorithm: string;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** Throws as Go does: first for the key, then for the scheme, then for the vector. */
function cipherOf(scheme: string, keyText: string, ivText: string, purpose: string): Cipher {
  const key = encodeText(keyText);
  const iv = encodeText(ivText);
  if (!KEY_SIZES.includes(key.length)) throw new BloblangError(`crypto/aes: invalid key size ${key.length}`);
  if (!SCHEMES.includes(scheme)) throw new BloblangError(`unrecognized ${purpose} type: ${scheme}`);
  if (scheme === 'gcm' && iv.length === 0) throw new BloblangError("cipher: the nonce can't have zero length");
  if (scheme !== 'gcm' && iv.length !== BLOCK_SIZE) throw new BloblangError('the key must match the initialisation vector size');
  return { scheme, algorithm: `aes-${key.length * 8}-${scheme}`, key, iv };
}

function checkBlocks({ scheme }: Cipher, bytes: Uint8Array, name: string): void {
  if (scheme === 'cbc' && bytes.length % BLOCK_SIZE !== 0) throw new BloblangError(`${name} is not a multiple of the block size`);
}

/** In `gcm` the result ends with the tag that authenticates it. */
function encrypt({ scheme, algorithm, key, iv }: Cipher, bytes: Uint8Array): Uint8Array {
  if (scheme !== 'gcm') {
    const stream = createCipheriv(algorithm, key, iv).setAutoPadding(false);
    return Buffer.concat([stream.update(bytes), stream.final()]);
  }
  const stream = createCipheriv(algorithm as 'aes-128-gcm', key, iv);
  return Buffer.concat([stream.update(bytes), stream.final(), stream.getAuthTag()]);
}

function decrypt({ scheme, algorithm, key, iv }: Cipher, bytes: Uint8Array): Uint8Array {
  if (scheme !== 'gcm') {
    const stream = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
    return Buffer.concat([stream.update(bytes), stream.final()]);
  }
  const failure = new BloblangError('gcm decrypting failed: cipher: message authentication failed');
  const end = bytes.length - TAG_SIZE;
  if (end < 0) throw failure;
  const stream = createDecipheriv(algorithm as 'aes-128-gcm', key, iv).setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([stream.update(bytes.subarray(0, end)), stream.final()]);
  } catch {
    throw failure;
  }
}

const KEY = { name: 'key', type: 'string', description: 'The key: 16, 24 or 32 bytes.' } as const;
const IV = {
  name: 'iv',
  type: 'string',
  description: 'The initialization vector: 16 bytes, or for `gcm` the nonce, usually 12 bytes.',
} as const;

export const encryptAes = defineMethod('encrypt_aes', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description:
    'The text or bytes of the target, encrypted by AES. The result is text that holds arbitrary bytes: encode it before it goes into a ' +
    'document. The same key and vector give the same result.',
  parameters: [
    {
      name: 'scheme',
      type: 'string',
      description:
        'The mode of operation: `ctr`, `ofb`, `cbc`, which takes whole blocks of 16 bytes only, or `gcm`, which also authenticates the result.',
    },
    KEY,
    IV,
  ],
  examples: [
    {
      mapping:
        'let key = "000102030405060708090a0b0c0d0e0f".decode("hex")\nlet iv = "101112131415161718191a1b1c1d1e1f".decode("hex")\n' +
        'root.sealed = this.text.encrypt_aes("ctr", $key, $iv).encode("hex")',
      input: { text: 'attack at dawn' },
      output: { sealed: '668a9b1582be230fe42e8a70f9fa' },
    },
  ],
  prepare: ([scheme, keyText, ivText]) => {
    const cipher = cipherOf(scheme, keyText, ivText, 'encryption');
    return (value) => {
      const bytes = bytesOf(value);
      checkBlocks(cipher, bytes, 'plaintext');
      return decodeText(encrypt(cipher, bytes));
    };
  },
});

export const decryptAes = defineMethod('decrypt_aes', {
  category: 'Encoding and Encryption',
  status: 'stable',
  description: 'The bytes that `encrypt_aes` made the target from, given the same scheme, key and vector.',
  parameters: [
    {
      name: 'scheme',
      type: 'string',
      description:
        'The mode of operation: `ctr`, `ofb`, `cbc`, which takes whole blocks of 16 bytes only, or `gcm`, which also authenticates the result.',
    },
    KEY,
    IV,
  ],
  examples: [
    {
      mapping:
        'let key = "000102030405060708090a0b0c0d0e0f".decode("hex")\nlet iv = "101112131415161718191a1b1c1d1e1f".decode("hex")\n' +
        'root.text = this.sealed.decode("hex").decrypt_aes("ctr", $key, $iv).string()',
      input: { sealed: '668a9b1582be230fe42e8a70f9fa' },
      output: { text: 'attack at dawn' },
    },
  ],
  prepare: ([scheme, keyText, ivText]) => {
    const cipher = cipherOf(scheme, keyText, ivText, 'decryption');
    return (value) => {
      const bytes = bytesOf(value);
      checkBlocks(cipher, bytes, 'ciphertext');
      return decrypt(cipher, bytes);
    };
  },
});
