import { describe, expect, it } from 'vitest';
import { fromJsonValue, isBuiltInType, toJsonValue } from './index.ts';

const T = 'io.statefun.types/';

describe('built-in types', () => {
  it.each([
    ['bool', true, '0801'],
    ['bool', false, ''],
    ['int', 1, '0d01000000'],
    ['int', -1, '0dffffffff'],
    ['int', 0, ''],
    ['long', 1, '090100000000000000'],
    ['long', '9223372036854775807', '09ffffffffffffff7f'],
    ['long', -(2 ** 53) + 1, '090100000000 00e0ff'.replace(' ', '')],
    ['long', 0, ''],
    ['float', 1.5, '0d0000c03f'],
    ['double', 1.5, '09000000000000f83f'],
    ['double', 'NaN', '09000000000000f87f'],
    ['string', 'héllo', '0a0668c3a96c6c6f'],
    ['string', '', ''],
  ])('%s %j is written as %s and read back', (name, json, hex) => {
    const { value } = fromJsonValue(T + name, json);
    expect(Buffer.from(value).toString('hex')).toBe(hex);
    expect(toJsonValue({ typename: T + name, value })).toBe(json);
  });

  it.each([
    ['bool', 1],
    ['int', 2 ** 31],
    ['int', '1'],
    ['int', 1.5],
    ['long', '9223372036854775808'],
    ['long', 2 ** 53],
    ['long', '1e3'],
    ['float', '1.5'],
    ['string', 1],
    ['string', null],
    ['nothing', 'x'],
  ])('%s is not made of %j', (name, json) => {
    expect(() => fromJsonValue(T + name, json)).toThrow(expect.objectContaining({ code: 'VALUE_UNFIT' }));
  });

  it('know which types are theirs', () => {
    expect(isBuiltInType(`${T}int`)).toBe(true);
    expect(isBuiltInType('toString')).toBe(false);
    expect(() => toJsonValue({ typename: 'com.example/User', value: new Uint8Array() })).toThrow(
      'expected a built-in type for com.example/User',
    );
    expect(() => toJsonValue({ typename: `${T}int`, value: Buffer.from('0d01', 'hex') })).toThrow(
      expect.objectContaining({ code: 'FUNCTION_MESSAGE_MALFORMED' }),
    );
  });
});
