import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../../parse.ts';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './algorithms.ts';

const HS256 = JWT_ALGORITHMS.find(({ name }) => name === 'HS256')!;

describe('sign_jwt and parse_jwt', () => {
  it.each(JWT_ALGORITHMS)('$name: what was signed is read, what was changed is not', (algorithm) => {
    const { secret, check, other } = keysOf(algorithm);
    const suffix = algorithm.name.toLowerCase();
    const token = run(`root = this.claims.sign_jwt_${suffix}(this.key)`, { key: secret, claims: { n: 1.5, sub: 'ann' } });
    expect(run(`root = this.t.parse_jwt_${suffix}(this.key)`, { key: check, t: token })).toBe('{"n":1.5,"sub":"ann"}');
    expect(run(`root = this.t.parse_jwt_${suffix}(this.key)`, { key: other, t: token })).toContain('token signature is invalid');
    const [header, , signature] = token.split('.');
    const forged = `${header}.${segment({ sub: 'eve' })}.${signature}`;
    expect(run(`root = this.t.parse_jwt_${suffix}(this.key)`, { key: check, t: forged })).toContain('token signature is invalid');
  });

  it('is the token that others make', () => {
    // RFC 7515's way of writing, with Go's escapes and order of keys.
    expect(run('root = {"b": "<&>", "a": 1.5}.sign_jwt_hs256("k")')).toBe(
      'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhIjoxLjUsImIiOiJcdTAwM2NcdTAwMjZcdTAwM2UifQ.3fwBANPpaYiVXJxj9t-p3xSPKAJfcz93r6ezApj6fRE',
    );
  });

  it('takes headers, but not those that say how to check it', () => {
    const token = run('root = {}.sign_jwt_hs256("k", {"kid": "7", "alg": "none", "jku": "http://evil"})');
    expect(JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())).toEqual({ alg: 'HS256', kid: '7', typ: 'JWT' });
  });

  it.each([
    ['a.b', 'token is malformed: token contains an invalid number of segments'],
    ['!!.b.c', 'token is malformed: could not base64 decode header: illegal base64 data at input byte 0'],
    ['e30.b.c', 'token is malformed: could not base64 decode claim: illegal base64 data at input byte 0'],
    ['ew.e30.', 'token is malformed: could not JSON decode header: unexpected end of JSON input'],
    [`${segment({})}.e30.`, 'token is unverifiable: signing method (alg) is unspecified'],
    [`${segment({ alg: 'rot13' })}.e30.`, 'token is unverifiable: signing method (alg) is unavailable'],
    [`${segment({ alg: 'none' })}.e30.`, 'token is unverifiable: error while executing keyfunc: incorrect signing method: none'],
    [`${segment({ alg: 'HS512' })}.e30.`, 'token is unverifiable: error while executing keyfunc: incorrect signing method: HS512'],
    [`${segment({ alg: 'HS256' })}.e30.`, 'token signature is invalid: signature is invalid'],
    [signed('[1]'), 'token is malformed: could not JSON decode claim: json: cannot unmarshal array into Go value of type jwt.MapClaims'],
    [signed('{"exp":1}'), 'token has invalid claims: token is expired'],
    [signed('{"exp":1,"nbf":99999999999}'), 'token has invalid claims: token is expired, token is not valid yet'],
    [signed('{"exp":"soon"}'), 'token has invalid claims: invalid type for claim: exp is invalid'],
  ])('%s: %s', (token, reason) => {
    expect(run('root = this.t.parse_jwt_hs256("k")', { t: token })).toBe(`failed assignment (line 1): parsing JWT string: ${reason}`);
  });

  it('reads what is neither too old nor too new, and does not look at the rest', () => {
    expect(run('root = this.t.parse_jwt_hs256("k")', { t: signed('{"exp":99999999999,"nbf":0,"iat":99999999999,"aud":5}') })).toBe(
      '{"aud":5,"exp":99999999999,"iat":99999999999,"nbf":0}',
    );
  });

  it.each([
    ['"".parse_jwt_rs256("secret")', 'invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key'],
    ['{}.sign_jwt_es256("secret")', 'decoding signing_secret: invalid key: Key must be a PEM encoded PKCS1 or PKCS8 key'],
    [`"".parse_jwt_rs256("""${keysOf(JWT_ALGORITHMS.at(-1)!).check}""")`, 'key is not a valid RSA public key'],
    ['{}.sign_jwt_hs256("k", "x")', 'headers parameter must be an object (map), got string'],
  ])('%s is refused while parsing', (query, message) => {
    expect(() => parseMapping(`root = ${query}`)).toThrow(message);
  });

  it('signs only with a key of its own curve', () => {
    const { secret } = keysOf(JWT_ALGORITHMS.at(-1)!);
    expect(run('root = {}.sign_jwt_es256(this.key)', { key: secret })).toBe('failed assignment (line 1): signing token: key is invalid');
  });
});

function segment(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signed(claims: string): string {
  const content = `${segment({ alg: 'HS256' })}.${Buffer.from(claims).toString('base64url')}`;
  return `${content}.${Buffer.from(HS256.signer('k')(content)).toString('base64url')}`;
}

function keysOf({ name }: JwtAlgorithm): { secret: string; check: string; other: string } {
  if (name.startsWith('HS')) return { secret: 'k', check: 'k', other: 'l' };
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
  const curve = { 256: 'P-256', 384: 'P-384', 512: 'P-521' }[name.slice(2)]!;
  const pair = () =>
    name.startsWith('RS')
      ? generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
      : generateKeyPairSync('ec', { namedCurve: curve, publicKeyEncoding, privateKeyEncoding });
  const { privateKey, publicKey } = pair();
  return { secret: privateKey, check: publicKey, other: pair().publicKey };
}

function run(mapping: string, input: object = {}): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
