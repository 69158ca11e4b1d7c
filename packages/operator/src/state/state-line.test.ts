import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { formatStateLine, parseStateLine } from './state-line.ts';
import type { StateValue } from './state-value.ts';

const ADDRESS = { type: 'com.example/greeter', id: 'alice', name: 'seen' };
const INT = 'io.statefun.types/int';

describe('a line of state', () => {
  it.each<[string, Pick<StateValue, 'typename' | 'value'>, object]>([
    ['a built-in type as JSON', { typename: INT, value: Buffer.from('0d01000000', 'hex') }, { value: 1 }],
    ['an empty value as what it stands for', { typename: INT, value: Buffer.alloc(0) }, { value: 0 }],
    ['a text', { typename: 'io.statefun.types/string', value: Buffer.from([0x0a, 2, 0x68, 0x69]) }, { value: 'hi' }],
    ['any other type in base64', { typename: 'com.example/Age', value: Buffer.from('42') }, { value_base64: 'NDI=' }],
    ['an empty value of another type', { typename: 'com.example/Age', value: Buffer.alloc(0) }, { value_base64: '' }],
    ['bytes that are none of their type', { typename: INT, value: Buffer.from('08', 'hex') }, { value_base64: 'CA==' }],
    ['bytes that a value is not written with', { typename: INT, value: Buffer.from('0d00000000', 'hex') }, { value_base64: 'DQAAAAA=' }],
  ])('has %s', (_, stored, expected) => {
    const line = formatStateLine({ ...ADDRESS, ...stored }, false);
    expect(JSON.parse(line)).toEqual({ ...ADDRESS, typename: stored.typename, ...expected });
    expect(parseStateLine(line, 1)).toEqual({ ...ADDRESS, ...stored });
  });

  it('keeps every byte, whatever the bytes are', () => {
    const random = randomFor('lines of state');
    const types = ['bool', 'int', 'long', 'float', 'double', 'string'].map((type) => `io.statefun.types/${type}`);
    for (let round = 0; round < 2_000; round++) {
      const value = Buffer.from(Array.from({ length: random.below(12) }, () => random.pick([0, 1, 8, 9, 10, 13, 127, 128, 255])));
      const stored = { ...ADDRESS, typename: random.pick([...types, 'com.example/Age']), value, expiresAtMs: random.below(2 ** 40) };
      expect(parseStateLine(formatStateLine(stored, random.chance(0.2)), 1)).toEqual(stored);
    }
  });

  it.each([
    ['{', 'expected a JSON object'],
    ['[]', 'expected a JSON object'],
    ['{"type":"a/b","id":"x","name":"n"}', 'expected a text as typename'],
    ['{"type":"b","id":"x","name":"n","typename":"c/d","value_base64":""}', 'expected namespace/name as type'],
    ['{"type":"a/b","id":"x","name":"n","typename":"c/d","value":1}', 'expected value_base64, since c/d is not built in'],
    ['{"type":"a/b","id":"x","name":"n","typename":"c/d","value_base64":"%"}', 'expected base64 as value_base64'],
    ['{"type":"a/b","id":"x","name":"n","typename":"c/d"}', 'expected either value or value_base64'],
    [`{"type":"a/b","id":"x","name":"n","typename":"${INT}","value":"1"}`, `expected a whole number of 32 bits for ${INT}, got a string`],
    ['{"type":"a/b","id":"x","name":"n","typename":"c/d","value_base64":"","ttl":1}', 'unknown field ttl; the fields are '],
    [
      '{"type":"a/b","id":"x","name":"n","typename":"c/d","value_base64":"","expires_at":"soon"}',
      'expected a time such as 2026-01-31T12:00:00.000Z as expires_at',
    ],
  ])('%s is refused', (text, expected) => {
    expect(() => parseStateLine(text, 7)).toThrow(`line 7 of the import: ${expected}`);
  });
});
