import { describe, expect, it } from 'vitest';
import { type GrokOptions, grokCompiler } from './grok.ts';

const OPTIONS: GrokOptions = { patterns: {}, useDefaults: true, namedOnly: true, removeEmpty: true };
const find = (expression: string, text: string, options: Partial<GrokOptions> = {}) => {
  const found = grokCompiler({ ...OPTIONS, ...options })(expression)(text);
  return found && Object.fromEntries(found);
};

describe('a grok expression', () => {
  it('finds fields by named patterns, anywhere in a text', () => {
    expect(find('%{WORD:first},%{INT:second:int} %{NUMBER:third:float}', '-- foo,5 2.50')).toEqual({
      first: 'foo',
      second: 5n,
      third: 2.5,
    });
    expect(find('%{IP:ip}', 'none')).toBeUndefined();
  });

  it('takes patterns of its own, which may name others', () => {
    const patterns = { PAIR: '%{WORD:key}=%{VALUE:value}', VALUE: 'q+' };
    expect(find('%{PAIR} %{PAIR}', 'a=q b=qq', { patterns })).toEqual({ key: 'b', value: 'qq' });
    expect(find('%{MINE:v}', 'xqqy', { patterns: { MINE: 'q+' }, useDefaults: false })).toEqual({ v: 'qq' });
    expect(find('%{INT:v}', 'q', { patterns: { INT: 'q+' } })).toBeUndefined();
  });

  it('keeps the last of two fields of a name, names with dots, and on demand all patterns and empty values', () => {
    expect(find('%{WORD:a} %{WORD:a}', 'x y')).toEqual({ a: 'y' });
    expect(find('%{WORD:a.b} %{WORD}', 'x y', { namedOnly: false })).toEqual({ 'a.b': 'x', WORD: 'y' });
    expect(find('%{WORD:a}(?: %{WORD:b})?', 'x', { removeEmpty: false })).toEqual({ a: 'x', b: '' });
  });

  it('fails for a value that is not of its type', () => {
    expect(() => find('%{INT:n:int}', '99999999999999999999')).toThrow('value out of range');
    expect(() => find('%{WORD:b:bool}', 'true')).toThrow('the value true cannot be converted to bool');
  });

  it('does not compile with a pattern that is not there, names itself, or is none', () => {
    expect(() => find('%{NONE:a}', '')).toThrow('no pattern found for %{NONE}');
    expect(() => find('%{A}', '', { patterns: { A: '%{A}' } })).toThrow('no pattern found for %{A}');
    expect(() => find('(', '')).toThrow('missing closing )');
  });
});
