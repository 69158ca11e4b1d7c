import { describe, expect, it } from 'vitest';
import { clone } from './clone.ts';
import type { Value } from './kinds.ts';
import { deletePath, formatPath, getPath, hasPath, parsePath, setPath } from './path.ts';

const document = (): Value => JSON.parse('{"a":{"b.c":1,"~":2},"l":[{"x":1},{"y":2},{"x":3}],"n":null,"__proto__":{"p":1}}') as Value;

describe('a path', () => {
  it('has escapes for dots and tildes', () => {
    expect(parsePath('a.b~1c.~0')).toEqual(['a', 'b.c', '~']);
    expect(formatPath(['a', 'b.c', '~'])).toBe('a.b~1c.~0');
  });

  it.each<[string, Value]>([
    ['a.b~1c', 1],
    ['a.~0', 2],
    ['l.1.y', 2],
    ['l.*.x', [1, 3]],
    ['l.*', [{ x: 1 }, { y: 2 }, { x: 3 }]],
    ['l.*.z', null],
    ['l.3', null],
    ['l.-1', null],
    ['l.x', null],
    ['n.x', null],
    ['__proto__.p', 1],
    ['constructor', null],
    ['a.toString', null],
    ['l.length', null],
  ])('reads %s', (path, value) => {
    expect(getPath(document(), parsePath(path))).toEqual(value);
  });

  it('tells null from nothing', () => {
    expect(hasPath(document(), ['n'])).toBe(true);
    expect(hasPath(document(), ['m'])).toBe(false);
    expect(hasPath(document(), ['l', '*', 'z'])).toBe(false);
  });

  it('makes objects of what is missing, but not of arrays', () => {
    expect(setPath(null, ['a', '0', 'b'], 1)).toEqual({ a: { 0: { b: 1 } } });
    expect(setPath({ l: [1, 2] }, ['l', '1'], 'x')).toEqual({ l: [1, 'x'] });
    expect(setPath({ l: [1] }, ['l', '-', 'a'], 'x')).toEqual({ l: [1, { a: 'x' }] });
    expect(Object.keys(setPath({}, ['__proto__', 'polluted'], true) as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('cannot be set through scalars, nor beyond an array', () => {
    expect(() => setPath({ a: 1 }, ['a', 'b'], 1)).toThrow('encountered value collision whilst building path');
    expect(() => setPath({ l: [1] }, ['l', '1'], 1)).toThrow("found array but index '1' exceeded target array size of '1'");
    expect(() => setPath({ l: [1] }, ['l', 'x'], 1)).toThrow('strconv.Atoi: parsing "x": invalid syntax');
  });

  it('can be deleted', () => {
    const value = document();
    expect(['a.b~1c', 'l.0', 'zz', 'l.9'].map((path) => deletePath(value, parsePath(path)))).toEqual([true, true, false, false]);
    expect(getPath(value, ['l'])).toEqual([{ y: 2 }, { x: 3 }]);
  });
});

describe('a copy', () => {
  it('shares nothing that can change', () => {
    const original = document() as { l: { x: number }[] };
    const copy = clone(original as unknown as Value) as unknown as { l: { x: number }[] };
    copy.l[0]!.x = 9;
    expect(original.l[0]!.x).toBe(1);
    expect(Object.keys(copy)).toEqual(['a', 'l', 'n', '__proto__']);
  });

  it('is refused of a value that has more nodes than a mapping may make', () => {
    let doubled: Value = [1];
    for (let times = 0; times < 60; times++) doubled = [doubled, doubled];
    expect(() => clone(doubled)).toThrow('exceeds the maximum');
  });
});
