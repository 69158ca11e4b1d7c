import type { MethodDefinition } from '../../registry/define-method.ts';
import { decryptAes, encryptAes } from './aes.ts';
import { decode, encode } from './encode.ts';
import { hash } from './hash.ts';
import { uuidV5 } from './uuid-v5.ts';

export const encodingMethods: readonly MethodDefinition[] = [decode, decryptAes, encode, encryptAes, hash, uuidV5];
