import { encodeJson, type Value } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../parse.ts';

const INHERITED = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  'text',
  'value',
];

describe('what a mapping can reach', () => {
  it.each(INHERITED)('reads no inherited %s', (name) => {
    for (const target of [
      'this',
      'this.o',
      'this.l',
      'this.n',
      '$v',
      '"s"',
      '5',
      '1.5',
      '1.timestamp()',
      '@',
      'root.o',
      'content()',
      'deleted()',
    ]) {
      const mapping = parseMapping(
        `root.o = {}\nlet v = {}\nroot = [${target}."${name}".catch(null), ${target}.catch({})."${name}"."${name}"]`,
      );

      expect(mapping.evaluate({ o: {}, l: [], n: 1 })).toEqual([null, null]);
    }
  });

  it('takes __proto__ for an ordinary key', () => {
    const result = evaluate(
      'root.__proto__.polluted = 1\nroot.a = {"__proto__": {"b": 2}}\nroot.c = this.__proto__',
      JSON.parse('{"__proto__":3}'),
    );

    expect(encodeJson(result)).toBe('{"__proto__":{"polluted":1},"a":{"__proto__":{"b":2}},"c":3}');
    expect('polluted' in {}).toBe(false);
  });

  it('keeps variables, maps and names apart from what objects inherit', () => {
    expect(evaluate('let __proto__ = 1\nlet constructor = 2\nroot = [$__proto__, $constructor]')).toEqual([1n, 2n]);
    expect(() => evaluate('root = $toString')).toThrow("variable 'toString' undefined");
    expect(() => evaluate('root = this.apply("constructor")')).toThrow('map constructor was not found');
    expect(() => parseMapping('root = constructor()')).toThrow("unrecognised function 'constructor'");
    expect(() => parseMapping('root = this.__proto__()')).toThrow("unrecognised method '__proto__'");
    expect(() => parseMapping('root = this.catch(constructor: 1)')).toThrow('unknown parameter constructor');
  });

  it('does not change a literal of the mapping through a copy of it', () => {
    const mapping = parseMapping('root = {"a": [1]}\nroot.a.0 = this\nroot.a."-" = 2');

    expect([mapping.evaluate('x'), mapping.evaluate('y')]).toEqual([{ a: ['x', 2n] }, { a: ['y', 2n] }]);
  });
});

describe('work', () => {
  it.each([
    ['map m { root = if this > 0 { (this - 1).apply("m") + (this - 1).apply("m") } else { 1 } }\nroot = 60.apply("m")'],
    ['root = range(0, 100000).map_each(a -> range(0, 100000).map_each(b -> b).length())'],
    ['root = range(0, 100000).map_each(a -> range(0, 100000).map_each(b -> b.catch(0)).length() | 0)'],
  ])('without end is an error: %s', (mapping) => {
    expect(() => evaluate(mapping)).toThrow('evaluation exceeds the maximum of 10000000 steps');
  });
});

describe('recursion', () => {
  const limit = 'exceeded maximum allowed stacks of 5000, this could be due to unbounded recursion';

  it.each([
    ['root = 1 + this.apply("m")'],
    ['root = [this.apply("m")]'],
    ['root = {"a": this.apply("m")}'],
    ['root = match this { 5 => 2, _ => this.apply("m") }'],
    ['root = if true { !this.apply("m") }'],
    ['root = this.(x -> x.(y -> y.apply("m").a.b))'],
    ['let x = this.apply("m")\n  root = $x'],
    ['if true {\n    root = this.apply("m") || this.apply("m")\n  }'],
    ['root = this.apply("m").catch(e -> throw(e))'],
    ['root = if this.apply("m") { 1 }'],
    ['root = [this].map_each(x -> x.apply("m"))'],
    ['root = this.(x -> x.or(x.apply("m")).apply("m"))'],
  ])('without end is an error that can be caught: %s', (body) => {
    const map = `map m {\n  ${body}\n}\n`;

    expect(() => evaluate(`${map}root = this.apply("m")`, 1)).toThrow(limit);
    expect(evaluate(`${map}root = this.apply("m").catch("caught")`, 1)).toBe('caught');
  });

  it('is as deep as the language allows, and means the same at any depth', () => {
    const sum = 'map sum { root = if this <= 0 { 0 } else { 1 + (this - 1).apply("sum") } }\n';

    expect(evaluate(`${sum}root = [10, 100, 4998].map_each(n -> n.apply("sum"))`)).toEqual([10n, 100n, 4998n]);
    expect(() => evaluate(`${sum}root = 4999.apply("sum")`)).toThrow(`entering map sum ${limit}`);
  });

  it('resumes in all places alike', () => {
    const body = [
      'let n = this - 1',
      'let below = $n.apply("m") | "end"',
      'root = {"n": this, "list": [$n.apply("m") | 0, deleted()], "is": !($n.apply("m").is | true), "below": match $below { "end" => "none", _ => "some" }}',
      'root.or = $n.apply("m").or("nothing below").n | 0',
    ].join('\n');
    const mapping = (start: number) =>
      parseMapping(`map m {\nif this <= ${start} { root = throw("end") }\n${body}\n}\nroot = ${start + 2}.apply("m")`);
    const shallow = mapping(0).evaluate(null);
    const deep = evaluate(
      `map wrap { root = if this.depth > 0 { {"depth": this.depth - 1}.apply("wrap") } else { 2.apply("m") } }\nmap m {\nif this <= 0 { root = throw("end") }\n${body}\n}\nroot = {"depth": 100}.apply("wrap")`,
    );

    expect(deep).toEqual(shallow);
    expect(shallow).toMatchObject({ below: 'some', is: true, list: [{ below: 'none' }] });
  });
});

function evaluate(mapping: string, value: unknown = null): Value {
  return parseMapping(mapping).evaluate(value as Value);
}
