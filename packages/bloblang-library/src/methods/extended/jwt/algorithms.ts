import { constants, createHmac, createPrivateKey, createPublicKey, type KeyObject, sign, timingSafeEqual, verify } from 'node:crypto';
import { BloblangError, encodeText } from '@sluice/values';

/** Makes and checks the signatures of one algorithm of RFC 7518. */
export interface JwtAlgorithm {
  /** As tokens name it: `HS256`. */
  readonly name: string;
  /** Prepares a secret for signing. Throws BloblangError for a key of another kind. */
  signer(secret: string): (input: string) => Uint8Array;
  /** Prepares a secret or public key for checking; the check throws BloblangError if the signature is not right. */
  verifier(secret: string): (input: string, signature: Uint8Array) => void;
}

type Digest = '256' | '384' | '512';

const invalidSignature = (reason: string): BloblangError => new BloblangError(`token signature is invalid: ${reason}`);

function hmacAlgorithm(digest: Digest): JwtAlgorithm {
  const signer = (secret: string) => {
    const key = encodeText(secret);
    return (input: string): Uint8Array => createHmac(`sha${digest}`, key).update(input).digest();
  };
  return {
    name: `HS${digest}`,
    signer,
    verifier: (secret) => {
      const signatureOf = signer(secret);
      return (input, signature) => {
        const expected = signatureOf(input);
        if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw invalidSignature('signature is invalid');
      };
    },
  };
}

function rsaAlgorithm(digest: Digest): JwtAlgorithm {
  const padding = constants.RSA_PKCS1_PADDING;
  return {
    name: `RS${digest}`,
    signer: (secret) => {
      const key = readKey(secret, createPrivateKey, 'rsa', 'key is not a valid RSA private key');
      return (input) => sign(`sha${digest}`, Buffer.from(input), { key, padding });
    },
    verifier: (secret) => {
      const key = readKey(secret, createPublicKey, 'rsa', 'key is not a valid RSA public key');
      return (input, signature) => {
        if (!verify(`sha${digest}`, Buffer.from(input), { key, padding }, signature))
          throw invalidSignature('crypto/rsa: verification error');
      };
    },
  };
}

function ecdsaAlgorithm(digest: Digest, curve: string): JwtAlgorithm {
  const dsaEncoding = 'ieee-p1363';
  return {
    name: `ES${digest}`,
    signer: (secret) => {
      const key = readKey(secret, createPrivateKey, 'ec', 'key is not a valid ECDSA private key');
      return (input) => {
        if (key.asymmetricKeyDetails?.namedCurve !== curve) throw new BloblangError('key is invalid');
        return sign(`sha${digest}`, Buffer.from(input), { key, dsaEncoding });
      };
    },
    verifier: (secret) => {
      const key = readKey(secret, createPublicKey, 'ec', 'key is not a valid ECDSA public key');
      const isOwnCurve = key.asymmetricKeyDetails?.namedCurve === curve;
      return (input, signature) => {
        const isValid = isOwnCurve && verify(`sha${digest}`, Buffer.from(input), { key, dsaEncoding }, signature);
        if (!isValid) throw invalidSignature('crypto/ecdsa: verification error');
      };
    },
  };
}

function readKey(pem: string, read: (pem: string) => KeyObject, type: 'rsa' | 'ec', mismatch: string): KeyObject {
  if (!/-----BEGIN [^-]+-----/.test(pem)) throw new BloblangError('invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key');
  let key: KeyObject;
  try {
    key = read(pem);
  } catch {
    // What the engine says may quote the key.
    throw new BloblangError(mismatch);
  }
  if (key.asymmetricKeyType !== type) throw new BloblangError(mismatch);
  return key;
}

/** HS, RS and ES, each with SHA-256, SHA-384 and SHA-512. */
export const JWT_ALGORITHMS: readonly JwtAlgorithm[] = [
  ...(['256', '384', '512'] as const).flatMap((digest) => [hmacAlgorithm(digest), rsaAlgorithm(digest)]),
  ecdsaAlgorithm('256', 'prime256v1'),
  ecdsaAlgorithm('384', 'secp384r1'),
  ecdsaAlgorithm('512', 'secp521r1'),
];

/** Names that a token may carry although no method here reads it; the original knows them too. */
export const KNOWN_ALGORITHMS: ReadonlySet<string> = new Set([
  ...JWT_ALGORITHMS.map(({ name }) => name),
  ...['PS256', 'PS384', 'PS512', 'EdDSA', 'none'],
]);
