import { defineMethod, type Example, type MethodDefinition } from '@sluice/bloblang';
import { BloblangError, encodeJsonForHtml, goTypeName, isObject, setKey, type Value, type ValueObject, wrapError } from '@sluice/values';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './algorithms.ts';
import { parseToken } from './parse-token.ts';

const kindOf = ({ name }: JwtAlgorithm): string => ({ H: 'secret', R: 'RSA key', E: 'elliptic curve key' })[name[0] as 'H' | 'R' | 'E'];

/** Tokens of `{"sub":"ann"}`; those of the other algorithms need a key too long to show. */
const SHOWN_TOKENS: Readonly<Record<string, string>> = {
  HS256: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbm4ifQ.PjR3fgnevdXvvFDIexpV052PaeBybdsfUE102L3fkg4',
};

const parseExamples = (method: string, algorithm: JwtAlgorithm): Example[] => {
  const token = SHOWN_TOKENS[algorithm.name];
  const compiled = { mapping: `root.claims = this.token.${method}(@key)` };
  if (token === undefined) return [compiled];
  return [{ mapping: `root.claims = this.token.${method}("secret")`, input: { token }, output: { claims: { sub: 'ann' } } }, compiled];
};

const parseMethod = (algorithm: JwtAlgorithm): MethodDefinition => {
  const name = `parse_jwt_${algorithm.name.toLowerCase()}`;
  return defineMethod(name, {
    category: 'JSON Web Tokens',
    status: 'stable',
    isPlugin: true,
    receiver: 'string',
    description:
      `The claims of a JSON Web Token, which must be signed with ${algorithm.name} by this ${kindOf(algorithm)}. It must not be expired ` +
      '(`exp`) nor from the future (`nbf`); other claims are not checked.',
    parameters: [
      { name: 'signing_secret', type: 'string', description: `The secret, or the public key as PEM text, of ${algorithm.name}.` },
    ],
    examples: parseExamples(name, algorithm),
    prepare: ([secret]) => {
      const verify = algorithm.verifier(secret);
      return (token) => {
        try {
          return parseToken(token, algorithm, verify);
        } catch (error) {
          throw wrapError('parsing JWT string', error);
        }
      };
    },
  });
};

/** Headers that say how a token is to be checked, and by which key: a caller does not set them. */
const RESERVED_HEADERS = new Set(['alg', 'typ', 'jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit']);

function headerOf({ name }: JwtAlgorithm, headers: Value | undefined): ValueObject {
  const header: ValueObject = { alg: name, typ: 'JWT' };
  if (headers === undefined || headers === null) return header;
  if (!isObject(headers)) throw new BloblangError(`headers parameter must be an object (map), got ${goTypeName(headers)}`);
  for (const [key, value] of Object.entries(headers)) if (!RESERVED_HEADERS.has(key)) setKey(header, key, value);
  return header;
}

const toSegment = (value: Value): string => Buffer.from(encodeJsonForHtml(value)).toString('base64url');

const signMethod = (algorithm: JwtAlgorithm): MethodDefinition => {
  const name = `sign_jwt_${algorithm.name.toLowerCase()}`;
  return defineMethod(name, {
    category: 'JSON Web Tokens',
    status: 'stable',
    isPlugin: true,
    receiver: 'object',
    description: `A JSON Web Token with the target as its claims, signed with ${algorithm.name} by a ${kindOf(algorithm)}.`,
    parameters: [
      { name: 'signing_secret', type: 'string', description: `The secret, or the private key as PEM text, of ${algorithm.name}.` },
      {
        name: 'headers',
        type: 'any',
        optional: true,
        description:
          'An object with more fields for the header. Those that say how to check the token (`alg`, `typ`, `jwk`, …) are ignored.',
      },
    ],
    examples: [
      { mapping: `root.token = this.claims.${name}(@key)` },
      { mapping: `root.token = this.claims.${name}(signing_secret: @key, headers: {"kid": "key-7"})` },
    ],
    prepare: ([secret, headers]) => {
      const sign = signerOf(algorithm, secret);
      const header = toSegment(headerOf(algorithm, headers));
      return (claims) => {
        try {
          const content = `${header}.${toSegment(claims)}`;
          return `${content}.${Buffer.from(sign(content)).toString('base64url')}`;
        } catch (error) {
          throw wrapError('signing token', error);
        }
      };
    },
  });
};

function signerOf(algorithm: JwtAlgorithm, secret: string): ReturnType<JwtAlgorithm['signer']> {
  try {
    return algorithm.signer(secret);
  } catch (error) {
    throw wrapError('decoding signing_secret', error);
  }
}

export const jwtMethods: readonly MethodDefinition[] = JWT_ALGORITHMS.flatMap((algorithm) => [
  parseMethod(algorithm),
  signMethod(algorithm),
]);
