import { describe, expect, it } from 'vitest';
import { valueOfText } from './value-text.ts';

describe('a value on the command line', () => {
  it.each([
    ['io.statefun.types/int', '3', '0d03000000'],
    ['io.statefun.types/int', '0', ''],
    ['io.statefun.types/bool', 'true', '0801'],
    ['io.statefun.types/string', 'hi', '0a026869'],
    ['io.statefun.types/string', '3', '0a0133'],
    ['com.example/Profile', '{"age":42}', Buffer.from('{"age":42}').toString('hex')],
    ['com.example/Profile', '', ''],
  ])('%s %s', (typename, text, hex) => {
    expect(valueOfText(typename, text, false).toString('hex')).toBe(hex);
  });

  it('is any bytes in base64', () => {
    expect(valueOfText('io.statefun.types/int', '//8=', true).toString('hex')).toBe('ffff');
  });

  it.each([
    ['io.statefun.types/int', 'three', false, 'expected JSON as value of io.statefun.types/int'],
    ['io.statefun.types/int', '1.5', false, 'expected a whole number of 32 bits for io.statefun.types/int'],
    ['com.example/Profile', '%', true, 'expected base64 as value'],
  ])('%s %s is refused', (typename, text, isBase64, message) => {
    expect(() => valueOfText(typename, text, isBase64)).toThrow(message);
  });
});
