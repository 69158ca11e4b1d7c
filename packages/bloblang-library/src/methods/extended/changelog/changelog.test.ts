import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../../parse.ts';

const create = (path: string[], to: unknown) => ({ From: null, Path: path, To: to, Type: 'create' });
const update = (path: string[], from: unknown, to: unknown) => ({ From: from, Path: path, To: to, Type: 'update' });
const remove = (path: string[], from: unknown) => ({ From: from, Path: path, To: null, Type: 'delete' });

describe('diff', () => {
  it.each([
    [{ a: 1 }, { a: 2 }, [update(['a'], 1, 2)]],
    [{ a: 1 }, { b: null }, [remove(['a'], 1), create(['b'], null)]],
    [{ a: null }, { a: [] }, [update(['a'], null, [])]],
    [{ b: 1, a: { z: 1 }, 'a-': 2 }, { b: 2, a: { z: 2 }, 'a-': 3 }, [update(['a-'], 2, 3), update(['a', 'z'], 1, 2), update(['b'], 1, 2)]],
    [{ a: [1, 2, 3] }, { a: [3, 2, 1] }, []],
    [{ a: [1, 1, 2] }, { a: [1, 2, 2] }, [remove(['a', '1'], 1), create(['a', '2'], 2)]],
    [{ a: [1, 2, 3, 4] }, { a: [2, 4, 5] }, [remove(['a', '0'], 1), update(['a', '2'], 3, 5)]],
    [[{ a: [1] }], [{ a: [2] }, { b: 1 }], [update(['0', 'a', '0'], 1, 2), create(['1'], { b: 1 })]],
    [{ a: { b: { c: 1 } } }, {}, [remove(['a'], { b: { c: 1 } })]],
    [{ a: 5 }, { a: '5' }, []],
    ['x', 'y', [update([], 'x', 'y')]],
    [{ a: 1 }, null, [remove(['a'], 1)]],
    [[1], null, [remove([], [1])]],
    [null, { a: 1 }, null],
  ])('of %j and %j is %j', (before, after, changes) => {
    expect(JSON.parse(run('root = this.before.diff(this.after)', { before, after }))).toEqual(changes);
  });

  it.each([
    [{ a: {} }, { a: [] }],
    [true, 1],
    [{ a: 1 }, 'x'],
  ])('fails for %j and %j, which are of different types', (before, after) => {
    expect(run('root = this.before.diff(this.after)', { before, after })).toBe(
      'failed assignment (line 1):  types do not match (cause count 0)\n',
    );
  });
});

describe('patch', () => {
  it.each([
    [{ a: { b: 1 } }, [update(['a', 'b'], 1, 2), create(['a', 'c'], 3)], { a: { b: 2, c: 3 } }],
    [{ a: 1 }, [remove(['a'], 1), remove(['z'], 1), remove(['y', 'z'], 1)], {}],
    [{}, [create(['a', 'b'], 1)], { a: { b: 1 } }],
    [
      [1, 2, 3, 4],
      [remove(['0'], 1), remove(['2'], 3), update(['3'], 4, 5)],
      [2, 5],
    ],
    [[1], [create(['9'], 2)], [1, 2]],
    [[[1, 2]], [update(['0', '1'], 2, 3)], [[1, 3]]],
    [{ a: 1 }, [{ type: 'update', path: ['a'], to: 2 }], { a: 2 }],
    [{ a: 1 }, [{ Type: 'rename', Path: ['a'], To: 'b' }], { a: 1 }],
    [{ a: 1 }, null, { a: 1 }],
    [null, [create(['a'], 1)], null],
    ['x', [update([], 'x', 'y')], 'y'],
    [{}, [create(['__proto__'], { polluted: true })], JSON.parse('{"__proto__":{"polluted":true}}')],
  ])('of %j by %j is %j', (value, changelog, result) => {
    const output = run('root.value = this.value.patch(this.changelog)', { value, changelog });
    expect(JSON.parse(output)).toEqual({ value: result });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('leaves the target as it was', () => {
    const mapping = 'let new = this.a.patch(this.a.diff([1, {"b": 3}, 4]))\nroot = [this.a, $new]';
    expect(run(mapping, { a: [1, { b: 2 }] })).toBe('[[1,{"b":2}],[1,{"b":3},4]]');
  });

  it.each([
    [{ a: 5 }, [create(['a', 'b'], 1)], "unable to apply a change at path a.b: what is at 'a' is of type number"],
    [[1], [update(['x'], 1, 2)], 'unable to apply a change at path x: invalid index in path. x is not a number'],
    [{}, 'x', "'' source data must be an array or slice, got string"],
    [{}, ['x'], `decoding failed due to the following error(s):\n\n'[0]' expected a map or struct, got "string"`],
    [{}, [{ Path: 'a' }], "decoding failed due to the following error(s):\n\n'[0].Path' source data must be an array or slice, got string"],
    [
      {},
      [{ Path: [{}] }],
      "decoding failed due to the following error(s):\n\n'[0].Path[0]' expected type 'string', got unconvertible type 'map[string]interface {}'",
    ],
  ])('of %j by %j fails', (value, changelog, message) => {
    expect(run('root = this.value.patch(this.changelog)', { value, changelog })).toBe(`failed assignment (line 1): ${message}`);
  });

  it('makes one value of another, by their difference', () => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    const next = generator(seed);
    for (let round = 0; round < 200; round++) {
      const [before, after] = [randomObject(next, 3), randomObject(next, 3)];
      const output = run('root = this.before.patch(this.before.diff(this.after))', { before, after });
      expect(JSON.parse(output), `seed ${seed}, round ${round}: ${JSON.stringify([before, after])}`).toEqual(after);
    }
  });
});

type Next = (below: number) => number;

function generator(seed: number): Next {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

/** Each key always holds values of one type, since others cannot be compared. */
function randomObject(next: Next, depth: number): object {
  const object: Record<string, unknown> = {};
  if (next(2)) object.text = `t${next(3)}`;
  if (next(2)) object.flag = next(2) === 1;
  if (next(3)) object.none = next(2) ? null : next(4);
  if (next(2) && depth > 0) object.child = randomObject(next, depth - 1);
  return object;
}

function run(mapping: string, input: object): string {
  const outcome = parseMapping(mapping).map([{ content: Buffer.from(JSON.stringify(input)), metadata: {} }], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
