import { decodeBase64 } from '@sluice/codecs';
import {
  BloblangError,
  decodeText,
  encodeText,
  errorText,
  Float64,
  isObject,
  parseJsonFloats,
  typeName,
  type Value,
  type ValueObject,
  wrapError,
} from '@sluice/values';
import { nowNanoseconds } from '../../../functions/clock.ts';
import { type JwtAlgorithm, KNOWN_ALGORITHMS } from './algorithms.ts';

const BASE64 = { encoding: 'base64url', isPadded: false } as const;

/**
 * The claims of a token that was signed by an algorithm and key. Throws BloblangError if it was not, or if `exp` or `nbf` say that
 * it is too late or too early; the other claims are not looked at.
 */
export function parseToken(token: string, { name }: JwtAlgorithm, verify: ReturnType<JwtAlgorithm['verifier']>): Value {
  const [head, body, tail, ...rest] = token.split('.');
  if (head === undefined || body === undefined || tail === undefined || rest.length > 0) {
    throw malformed('token contains an invalid number of segments');
  }
  const header = readSegment(head, 'header');
  const claims = readSegment(body, 'claim');
  checkAlgorithm(header, name);
  const signature = decodeSegment(tail, 'signature');
  verify(`${head}.${body}`, signature);
  if (claims !== null) checkTimes(claims);
  return claims;
}

const malformed = (reason: string): BloblangError => new BloblangError(`token is malformed: ${reason}`);

function decodeSegment(segment: string, name: string): Uint8Array {
  try {
    return decodeBase64(encodeText(segment), BASE64);
  } catch (error) {
    throw wrapError(`token is malformed: could not base64 decode ${name}`, error);
  }
}

function readSegment(segment: string, name: 'header' | 'claim'): ValueObject | null {
  const value = parseSegment(decodeText(decodeSegment(segment, name)), name);
  if (value === null || isObject(value)) return value;
  const target = name === 'header' ? 'map[string]interface {}' : 'jwt.MapClaims';
  throw malformed(`could not JSON decode ${name}: json: cannot unmarshal ${typeName(value)} into Go value of type ${target}`);
}

function parseSegment(text: string, name: string): Value {
  try {
    return parseJsonFloats(text);
  } catch (error) {
    const reason = errorText(error).replace(/^(unexpected )?EOF$/, 'unexpected end of JSON input');
    throw malformed(`could not JSON decode ${name}: ${reason}`);
  }
}

function checkAlgorithm(header: ValueObject | null, expected: string): void {
  const algorithm = header !== null && Object.hasOwn(header, 'alg') ? header.alg : undefined;
  if (typeof algorithm !== 'string') throw unverifiable('signing method (alg) is unspecified');
  if (!KNOWN_ALGORITHMS.has(algorithm)) throw unverifiable('signing method (alg) is unavailable');
  if (algorithm !== expected) throw unverifiable(`error while executing keyfunc: incorrect signing method: ${algorithm}`);
}

const unverifiable = (reason: string): BloblangError => new BloblangError(`token is unverifiable: ${reason}`);

function checkTimes(claims: ValueObject): void {
  const now = Number(nowNanoseconds()) / 1e9;
  const faults = [
    timeFault(claims, 'exp', (time) => (now < time ? undefined : 'token is expired')),
    timeFault(claims, 'nbf', (time) => (now < time ? 'token is not valid yet' : undefined)),
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new BloblangError(`token has invalid claims: ${faults.join(', ')}`);
}

/** A time of zero counts as none. */
function timeFault(claims: ValueObject, key: string, check: (time: number) => string | undefined): string | undefined {
  if (!Object.hasOwn(claims, key)) return undefined;
  const time = claims[key];
  if (!(time instanceof Float64)) return `invalid type for claim: ${key} is invalid`;
  return time.value === 0 ? undefined : check(time.value);
}
