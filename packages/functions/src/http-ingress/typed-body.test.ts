import { decodeTypedValue, encodeTypedValue, isBuiltInType, toJsonValue } from '@sluice/function-protocol';
import { describe, expect, it } from 'vitest';
import { readTypedBody } from './typed-body.ts';

const OCTETS = 'application/octet-stream';

describe('readTypedBody', () => {
  it.each([
    ['text/plain', undefined, 'héllo', 'io.statefun.types/string', 'héllo'],
    ['text/plain; charset=utf-8', undefined, '', 'io.statefun.types/string', ''],
    ['text/plain', 'io.statefun.types/int', ' 7\n', 'io.statefun.types/int', 7],
    ['text/plain', 'io.statefun.types/long', '9007199254740993', 'io.statefun.types/long', '9007199254740993'],
    ['text/plain', 'com.example/user', 'as it is', 'com.example/user', 'as it is'],
    ['application/json', undefined, '"text"', 'io.statefun.types/string', 'text'],
    ['application/json', undefined, 'true', 'io.statefun.types/bool', true],
    ['application/json', undefined, '-5', 'io.statefun.types/int', -5],
    ['application/json', undefined, '2147483648', 'io.statefun.types/long', 2_147_483_648],
    ['application/json', undefined, '1.5', 'io.statefun.types/double', 1.5],
    ['application/json', 'io.statefun.types/float', '2', 'io.statefun.types/float', 2],
    ['application/json', 'com.example/user', ' {"a": 1}', 'com.example/user', ' {"a": 1}'],
    [OCTETS, 'com.example/user', '', 'com.example/user', ''],
  ])('reads %s as %s: %j', (contentType, typename, body, expectedType, expected) => {
    const value = readTypedBody({ contentType, typename, body: Buffer.from(body) });
    const wire = decodeTypedValue(encodeTypedValue(value));

    expect(wire).toMatchObject({ typename: expectedType, hasValue: true });
    expect(isBuiltInType(expectedType) ? toJsonValue(wire) : Buffer.from(wire.value).toString()).toEqual(expected);
  });

  it.each([
    [415, undefined, undefined, 'x', 'found none'],
    [415, 'application/x-www-form-urlencoded', undefined, 'x', 'found application/x-www-form-urlencoded'],
    [400, OCTETS, undefined, 'x', 'need a header'],
    [400, OCTETS, 'nameless', 'x', 'found `nameless`'],
    [400, 'application/json', undefined, '{}', 'need'],
    [400, 'application/json', undefined, '{', 'expected JSON'],
    [400, 'application/json', 'com.example/user', '{', 'expected JSON'],
    [400, 'application/json', 'io.statefun.types/int', '1.5', 'a whole number of 32 bits'],
    [400, 'text/plain', 'io.statefun.types/bool', 'perhaps', 'true or false'],
    [400, 'text/plain', undefined, Buffer.from([0xff]), 'UTF-8'],
  ])('refuses with %i: %s as %s: %s', (status, contentType, typename, body, message) => {
    const read = () => readTypedBody({ contentType, typename, body: Buffer.from(body) });
    expect(read).toThrow(expect.objectContaining({ status, message: expect.stringContaining(message) }));
  });
});
