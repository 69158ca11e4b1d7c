import { describe, expect, it } from 'vitest';
import { SourceFile, sliceOf } from '../source/source-file.ts';
import { readGoBool, readGoString, resolveGoScalar } from './go-scalar.ts';
import { javaDouble, resolveJacksonScalar } from './jackson-scalar.ts';
import { ScalarNode } from './node.ts';

describe('scalars of a module.yaml', () => {
  it.each([
    ['010', 'int', '8'],
    ['0123', 'int', '83'],
    ['0777', 'int', '511'],
    ['0x1F', 'int', '31'],
    ['0b101', 'int', '5'],
    ['1_000', 'int', '1000'],
    ['-12', 'int', '-12'],
    ['+0x_f', 'int', '15'],
    ['0x_', 'string', '0x_'],
    ['0b', 'string', '0b'],
    ['0_', 'int', '0'],
    ['089', 'string', '089'],
    ['08', 'string', '08'],
    ['000123456789', 'string', '000123456789'],
    ['0o10', 'string', '0o10'],
    ['1:30', 'string', '1:30'],
    ['y', 'string', 'y'],
    ['n', 'string', 'n'],
    ['2020-01-01', 'string', '2020-01-01'],
    ['yes', 'bool', 'true'],
    ['Off', 'bool', 'false'],
    ['TRUE', 'bool', 'true'],
    ['1.50', 'float', '1.5'],
    ['1e3', 'float', '1000.0'],
    ['.5', 'float', '0.5'],
    ['~', 'null', 'null'],
    ['', 'null', 'null'],
    ['99999999999999999999', 'int', '99999999999999999999'],
  ])('%j is the %s %j', (text, type, asText) => {
    expect(resolveJacksonScalar(plain(text))).toEqual({ type, text: asText });
  });

  it('a quoted one is a text', () => {
    expect(resolveJacksonScalar(scalar('010', 'quoted'))).toEqual({ type: 'string', text: '010' });
  });

  it.each([
    [0, '0.0'],
    [100, '100.0'],
    [12345678, '1.2345678E7'],
    [1e7, '1.0E7'],
    [0.001, '0.001'],
    [0.0001, '1.0E-4'],
    [1e21, '1.0E21'],
    [-2.5, '-2.5'],
  ])('the double %d is written %s', (value, text) => {
    expect(javaDouble(value)).toBe(text);
  });
});

describe('scalars of a Benthos file', () => {
  it.each([
    ['010', { type: 'int', value: 8 }],
    ['0o10', { type: 'int', value: 8 }],
    ['0x1f', { type: 'int', value: 31 }],
    ['1_000', { type: 'int', value: 1000 }],
    ['-3', { type: 'int', value: -3 }],
    ['089', { type: 'float', value: 89 }],
    ['1.5', { type: 'float', value: 1.5 }],
    ['yes', { type: 'string', value: 'yes' }],
    ['True', { type: 'bool', value: true }],
    ['null', { type: 'null' }],
    ['1s', { type: 'string', value: '1s' }],
    ['.inf', { type: 'float', value: Infinity }],
  ])('%j is %j', (text, expected) => {
    expect(resolveGoScalar(plain(text))).toEqual(expected);
  });

  it.each([
    ['true', true],
    ['on', true],
    ['n', false],
    ['', false],
    ['1', undefined],
    ['Yes', undefined],
  ])('as a bool %j is %j', (text, expected) => {
    expect(readGoBool(plain(text))).toBe(expected);
  });

  it('as a text a number keeps its form and null is empty', () => {
    expect([readGoString(plain('0123')), readGoString(plain('~')), readGoString(scalar('~', 'quoted'))]).toEqual(['0123', '', '~']);
  });
});

const scalar = (text: string, style: 'plain' | 'quoted') =>
  new ScalarNode(sliceOf(new SourceFile('test.yaml', text), 0, text.length), 0, text, style);
const plain = (text: string) => scalar(text, 'plain');
