import { BloblangError } from '@sluice/values';
import { decodeAscii85, encodeAscii85 } from './ascii85.ts';
import { type Base64Variant, decodeBase64, encodeBase64 } from './base64.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { decodeZ85, encodeZ85 } from './z85.ts';

interface Scheme {
  readonly encode: (bytes: Uint8Array) => string;
  readonly decode: (bytes: Uint8Array) => Uint8Array;
}

const base64Scheme = (variant: Base64Variant): Scheme => ({
  encode: (bytes) => encodeBase64(bytes, variant),
  decode: (bytes) => decodeBase64(bytes, variant),
});

const SCHEMES = new Map<string, Scheme>([
  ['base64', base64Scheme({ encoding: 'base64', isPadded: true })],
  ['base64url', base64Scheme({ encoding: 'base64url', isPadded: true })],
  ['base64rawurl', base64Scheme({ encoding: 'base64url', isPadded: false })],
  ['hex', { encode: encodeHex, decode: decodeHex }],
  ['ascii85', { encode: encodeAscii85, decode: decodeAscii85 }],
  ['z85', { encode: encodeZ85, decode: decodeZ85 }],
]);

/** The encoding of a name, such as `base64`. Throws BloblangError if there is none. */
export function schemeOf(name: string): Scheme {
  const scheme = SCHEMES.get(name);
  if (scheme === undefined) throw new BloblangError(`unrecognized encoding type: ${name}`);
  return scheme;
}
