import { Float32, Float64, JsonNumber, LOCAL, NOTHING, Timestamp, Uint64, type Value } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { formatMsgpack } from './format.ts';
import { parseMsgpack } from './parse.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const parse = (text: string): Value => parseMsgpack(Buffer.from(text, 'hex'));
const at = (seconds: bigint, fraction = 0n): Timestamp => new Timestamp(seconds * 1_000_000_000n + fraction, LOCAL);

describe('format_msgpack', () => {
  it.each<[Value, string]>([
    [null, 'c0'],
    [NOTHING, 'c0'],
    [true, 'c3'],
    [5, '05'],
    [200, 'ccc8'],
    [-5, 'fb'],
    [-200, 'd1ff38'],
    [new JsonNumber('9223372036854775807'), 'cf7fffffffffffffff'],
    [new JsonNumber('18446744073709551615'), 'cfffffffffffffffff'],
    [2.5, 'cb4004000000000000'],
    [new JsonNumber('1.0'), 'cb3ff0000000000000'],
    [new JsonNumber('1e309'), 'a53165333039'],
    [5n, 'd30000000000000005'],
    [new Uint64(2n ** 64n - 1n), 'cfffffffffffffffff'],
    [new Float64(1.5), 'cb3ff8000000000000'],
    [new Float32(0.1), 'ca3dcccccd'],
    ['é', 'a2c3a9'],
    ['a'.repeat(40), `d928${'61'.repeat(40)}`],
    ['a'.repeat(300), `da012c${'61'.repeat(300)}`],
    [Buffer.from([255, 0]), 'c402ff00'],
    [[1n, null], '92d30000000000000001c0'],
    [Array.from({ length: 16 }, () => null), `dc0010${'c0'.repeat(16)}`],
    [{ b: 'x', a: {} }, '82a162a178a16180'],
    [at(1n), 'd6ff00000001'],
    [at(1n, 5n), 'd7ff0000001400000001'],
    [at(-1n), 'c70cff00000000ffffffffffffffff'],
  ])('of %o is %s', (value, bytes) => {
    expect(hex(formatMsgpack(value))).toBe(bytes);
  });

  it('fails on what is nested beyond reason', () => {
    let value: Value = null;
    for (let depth = 0; depth < 20_000; depth++) value = [value];
    expect(() => formatMsgpack(value)).toThrow('msgpack: exceeded max depth');
  });
});

describe('parse_msgpack', () => {
  it.each<[string, Value]>([
    ['c0', null],
    ['c2', false],
    ['05', 5n],
    ['e0', -32n],
    ['cc80', 128n],
    ['ce00010000', 65536n],
    ['cfffffffffffffffff', new Uint64(2n ** 64n - 1n)],
    ['d080', -128n],
    ['d3ffffffffffffffff', -1n],
    ['ca3dcccccd', new Float32(0.1)],
    ['cb3ff8000000000000', new Float64(1.5)],
    ['d90161', 'a'],
    ['c403ff0001', Buffer.from([255, 0, 1])],
    ['dc000101', [1n]],
    ['de0001a16101', { a: 1n }],
    ['81c0a161', { '': 'a' }],
    ['81c40161a162', { a: 'b' }],
    ['82a16101a16102', { a: 2n }],
    ['d6ff00000001', at(1n)],
    ['d7ff0000001400000001', at(1n, 5n)],
    ['c70cff00000000ffffffffffffffff', at(-1n)],
    ['05c1', 5n],
  ])('of %s', (bytes, value) => {
    expect(parse(bytes)).toEqual(value);
  });

  it('keeps __proto__ an ordinary key', () => {
    const object = parse('81a95f5f70726f746f5f5f81a16101') as object;
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(Object.keys(object)).toEqual(['__proto__']);
  });

  it.each([
    ['', 'EOF'],
    ['91', 'EOF'],
    ['a561', 'unexpected EOF'],
    ['ddffffffff', 'EOF'],
    ['c1', 'msgpack: unknown code c1 decoding interface{}'],
    ['8101a161', 'msgpack: invalid code=1 decoding string/bytes length'],
    ['d40501', 'msgpack: unknown ext id=5'],
  ])('fails on %s', (bytes, message) => {
    expect(() => parse(bytes)).toThrow(message);
  });

  it('fails on what is nested beyond reason', () => {
    expect(() => parseMsgpack(Buffer.alloc(100_000, 0x91))).toThrow('msgpack: exceeded max depth');
  });
});
