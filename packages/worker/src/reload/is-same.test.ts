import { compileConfig, Secret } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { isSame } from './is-same.ts';

describe('isSame', () => {
  it('compares values, lists, maps and secrets', () => {
    const value = () => ({ a: [1, { b: undefined }], secret: new Secret('x'), map: new Map([['k', 1]]), inf: Number.POSITIVE_INFINITY });
    expect(isSame(value(), value())).toBe(true);
    expect(isSame(value(), { ...value(), secret: new Secret('y') })).toBe(false);
    expect(isSame(value(), { ...value(), map: new Map([['k', 2]]) })).toBe(false);
    expect(isSame({ a: [] }, { a: {} })).toBe(false);
    expect(isSame({ a: 1 }, {})).toBe(false);
    expect(isSame({ secret: new Secret('x') }, { secret: 'x' })).toBe(false);
  });

  it('does not mind where a value stands in its file', () => {
    const text = "output: { aws_kinesis: { stream: s, partition_key: '${! key }' } }\n";
    const of = (head: string, body = text) => compileConfig([{ name: 'a.yaml', text: head + body }], { env: {} }).config;
    expect(isSame(of(''), of('# a comment\n\n'))).toBe(true);
    expect(isSame(of(''), of('', text.replace('key }', 'other }')))).toBe(false);
    expect(isSame({ position: 1 }, { position: 2 })).toBe(false);
  });
});
