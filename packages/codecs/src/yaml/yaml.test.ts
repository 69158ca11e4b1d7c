import { AnyKeyObject, encodeJson, parseJson, parseJsonFloats } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-reader.ts';
import { writeYaml } from './yaml-writer.ts';

describe('reading YAML', () => {
  const json = (text: string): unknown => JSON.parse(encodeJson(readYaml(text)));

  it.each<[string, unknown]>([
    ['', null],
    ['# nothing', null],
    ['a: 1\nb: [x, "1"]', { a: 1, b: ['x', '1'] }],
    ['[0x1f, 0o17, 017, 0b11, 1_000, +5, 08, -0x1]', [31, 15, 15, 3, 1000, 5, 8, -1]],
    ['[1.5, 1e3, .5, 1., ~, Null, True, yes, on]', [1.5, 1000, 0.5, 1, null, null, true, 'yes', 'on']],
    ['[12:30, 1.2.3, 0x, 9x, "", !!str 1, !!float 1, !!int "5"]', ['12:30', '1.2.3', '0x', '9x', '', '1', 1, 5]],
    ['[2020-01-02, 2020-1-2 3:4:5, "2020-01-02"]', ['2020-01-02T00:00:00Z', '2020-01-02T03:04:05Z', '2020-01-02']],
    ['a: |\n  x\n  y\nb: >-\n  x\n  y', { a: 'x\ny\n', b: 'x y' }],
    ['a: !!binary aGVsbG8=\nb: !custom x', { a: 'hello', b: 'x' }],
    ['a: &x {n: 1}\nb: *x\nc: {<<: *x, m: 2}', { a: { n: 1 }, b: { n: 1 }, c: { n: 1, m: 2 } }],
    ['x: &x {p: 1, q: 1}\ny: &y {q: 2}\nz: {q: 3, <<: [*x, *y]}', { x: { p: 1, q: 1 }, y: { q: 2 }, z: { p: 1, q: 3 } }],
    ['a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
    ['--- {a: 1}\n--- {b: 2}', { a: 1 }],
    ['"__proto__": {x: 1}', JSON.parse('{"__proto__":{"x":1}}')],
  ])('%j', (text, expected) => {
    expect(json(text)).toEqual(expected);
  });

  it('keeps integers exact', () => {
    expect(encodeJson(readYaml('[9007199254740993, 18446744073709551615, 99999999999999999999]'))).toBe(
      '[9007199254740993,18446744073709551615,100000000000000000000]',
    );
  });

  it('keeps an object with other keys than text, which JSON has no form for', () => {
    const value = readYaml('1: a\ntrue: b\nx: c');
    expect(value).toEqual(
      new AnyKeyObject([
        [1n, 'a'],
        [true, 'b'],
        ['x', 'c'],
      ]),
    );
    expect(() => encodeJson(value)).toThrow('json: unsupported type: map[interface {}]interface {}');
    expect(writeYaml(value)).toBe('1: a\ntrue: b\nx: c\n');
  });

  it.each([
    ['a: 1\nb: 2\na: 3', 'yaml: unmarshal errors:\n  line 3: mapping key "a" already defined at line 1'],
    ['a: *x', "yaml: unknown anchor 'x' referenced"],
    ['a: &x [*x]', "yaml: anchor 'x' value contains itself"],
    ['<<: 1', 'yaml: map merge requires map or sequence of maps as the value'],
    ['!!int x', 'yaml: cannot decode !!str `x` as a !!int'],
    ['a: [1', 'yaml: line 1: '],
  ])('%j is refused', (text, message) => {
    expect(() => readYaml(text)).toThrow(message);
  });

  it('gives up on a bomb of aliases', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) =>
        `l${level}: &l${level} [${Array(9)
          .fill(level === 0 ? 'x' : `*l${level - 1}`)
          .join(', ')}]`,
    );
    expect(() => readYaml(levels.join('\n'))).toThrow('yaml: document contains excessive aliasing');
  });

  it('gives up on nesting without end', () => {
    expect(() => readYaml('['.repeat(100_000))).toThrow(/^yaml: /);
  });
});

describe('writing YAML', () => {
  const yaml = (json: string): string => writeYaml(parseJsonFloats(json));

  it.each([
    ['null', 'null\n'],
    ['"x"', 'x\n'],
    ['[]', '[]\n'],
    ['{}', '{}\n'],
    ['{"b":{"c":[1,{"d":2,"e":[]}]},"a":{}}', 'a: {}\nb:\n    c:\n        - 1\n        - d: 2\n          e: []\n'],
    ['[[1,[2]],[{"a":[3]}]]', '- - 1\n  - - 2\n- - a:\n        - 3\n'],
    ['[true,1000000,0.00001,1.5]', '- true\n- 1e+06\n- 1e-05\n- 1.5\n'],
  ])('%s', (json, expected) => {
    expect(yaml(json)).toBe(expected);
  });

  it.each([
    ['', '""'],
    ['true', '"true"'],
    ['no', '"no"'],
    ['1.0', '"1.0"'],
    ['0x1f', '"0x1f"'],
    ['12:30', '"12:30"'],
    ['2020-01-01', '"2020-01-01"'],
    ['null', '"null"'],
    ['a b', 'a b'],
    ['a: b', "'a: b'"],
    ['a #b', "'a #b'"],
    ['- a', "'- a'"],
    ['-a', '-a'],
    ["it's", "it's"],
    ["'it's", "'''it''s'"],
    [' a', "' a'"],
    ['a\tb', '"a\\tb"'],
    ['é', 'é'],
    ['😀', '"\\U0001F600"'],
    ['\u0001', '"\\x01"'],
    ['a\nb', '|-\n    a\n    b'],
    ['a\n\nb\n', '|\n    a\n\n    b'],
    ['a\n\n', '|+\n    a\n'],
    ['  a\nb', '|4-\n      a\n    b'],
    ['a \nb', '"a \\nb"'],
    ['\udcff\udcfe', '!!binary //4='],
  ])('%j as %s', (text, expected) => {
    expect(writeYaml(text)).toBe(`${expected}\n`);
  });

  it('quotes the numbers of a document, which are text to the original', () => {
    expect(writeYaml(parseJson('{"a":1.0,"b":[2]}'))).toBe('a: "1.0"\nb:\n    - "2"\n');
  });

  it('indents text of several lines below its key, and marks keys of several lines', () => {
    expect(yaml('{"a":{"b":"x\\ny"},"k\\nl":[1]}')).toBe('a:\n    b: |-\n        x\n        y\n? |-\n    k\n    l\n:   - 1\n');
  });

  it('sorts keys so that numbers in them count', () => {
    expect(yaml('{"a10":0,"a9":0,"b":0,"A":0,"1":0,"a1b":0,"":0,"-":0}')).toBe(
      '"": 0\n\'-\': 0\n"1": 0\nA: 0\na1b: 0\na9: 0\na10: 0\nb: 0\n',
    );
  });

  it('reads back what it wrote', () => {
    const texts = [
      'a: b',
      '- x',
      "'",
      '"',
      '#',
      'yes',
      '1e3',
      ' x ',
      'a\n b\n',
      '\n',
      '?',
      '&a',
      '*a',
      '{',
      'x: ',
      '\\',
      '%a',
      '@',
      '`',
      '---',
      '2020-01-01T00:00:00Z',
    ];
    const readable = texts.filter((text) => !text.startsWith('\n'));
    expect(readYaml(writeYaml(readable))).toEqual(readable);
  });
});
