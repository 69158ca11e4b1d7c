import type { MethodDefinition } from '@sluice/bloblang';
import { decryptAes, encryptAes } from './aes.ts';
import { compress, decompress } from './compress.ts';
import { decode, encode } from './encode.ts';
import { hash } from './hash.ts';
import { uuidV5 } from './uuid-v5.ts';

export const encodingMethods: readonly MethodDefinition[] = [
  ...[compress, decompress],
  ...[decode, encode],
  ...[decryptAes, encryptAes],
  ...[hash, uuidV5],
];
