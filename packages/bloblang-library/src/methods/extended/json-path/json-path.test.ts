import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../../parse.ts';

const DOCUMENT = {
  name: 'alice',
  foo: { name: 'bob', n: 5 },
  arr: [1, 2, 3, 4, 5],
  objs: [{ t: 'x', v: 1 }, { t: 'y', v: 20.0 }, { t: 'x' }],
  none: null,
};

describe('json_path', () => {
  it.each([
    ['$.foo.name', 'bob'],
    ['$["foo"][\'n\']', 5],
    ['$.none', null],
    ['$..name', ['alice', 'bob']],
    ['$.arr[0]', 1],
    ['$.arr[0,2,9]', [1, 3]],
    ['$.arr[1:3]', [2, 3]],
    ['$.arr[-2:]', [4, 5]],
    ['$.arr[::2]', [1, 3, 5]],
    ['$.arr[::-1]', [5, 4, 3, 2, 1]],
    ['$.arr[:-1]', []],
    ['$.foo.*', [5, 'bob']],
    ['$.objs[*].v', [1, 20]],
    ['$.objs[0]["t","v"]', ['x', 1]],
    ["$.objs[?(@.t=='x')].v", [1]],
    ['$.objs[?(@.v > 5 || @.v == 1)].t', ['x', 'y']],
    ['$.objs[?@.v>5].t', ['y']],
    ["$.objs[?(@.t =~ '^[xz]$' && $.name == 'alice')].t", ['x', 'x']],
    ["$.objs[?(@.t in ['y'])].v", [20]],
    ['$..[?(@.v)].t', ['x', 'y']],
    ['$.missing[*]', []],
    ['$.arr[(1+1)]', 3],
    ['$.arr[0] + $.foo.n * 2', 11],
    ['(1 + 2) * -3 ** 2', 27],
    ["'it\\'s ' + name", "it's alice"],
    ['foo.n > 4 ? "big" : "small"', 'big'],
    ['none ?? nosuch ?? "default"', 'default'],
    ['{"a": $.name, "b": [1, arr[1]]}', { a: 'alice', b: [1, 2] }],
    ['1 == "1" && !(5 < 3) && 7 & 3 == 3', true],
    ["date('2024-05-06T07:08:09Z') == date('2024-05-06T07:08:09Z')", true],
  ])('%s gives %j', (expression, value) => {
    expect(JSON.parse(run(expression))).toEqual({ value });
  });

  it.each([
    ['$.missing', 'unknown key missing'],
    ['$.arr[5]', 'index 5 out of bounds'],
    ['$.arr.x', 'could not select value, invalid key: expected number but got x (string)'],
    ['$.name.x', 'unsupported value type string for select, expected map[string]interface{} or []interface{}'],
    ['name.x', 'unknown parameter name.x'],
    ['1 - name', 'invalid operation (float64) - (string)'],
    ['1 in 2', 'expected type []interface{} for in operator but got float64'],
    ['exit()', "could not call 'exit' type <nil>"],
  ])('%s fails: %s', (expression, message) => {
    expect(run(expression)).toBe(`failed assignment (line 1): ${message}`);
  });

  it.each([
    ['', 'parsing error: \t:1:1 - 1:1 unexpected EOF while scanning extensions'],
    ['$.', 'parsing error: $.\t:1:3 - 1:3 unexpected EOF while scanning JSON select expected Ident, "." or "*"'],
    ['$..', 'parsing error: $..\t:1:4 - 1:4 unexpected EOF while scanning JSON mapper expected "[", Ident or "*"'],
    ['$.a $.b', 'parsing error: $.a $.b\t:1:5 - 1:6 unexpected "$" while scanning operator'],
    ['a b', 'parsing error: a b\t:1:3 - 1:4 unexpected Ident while scanning operator'],
    ['$.a[1', 'unexpected EOF while scanning JSON bracket separator'],
    ['$.a[1:2:3:4]', 'range query has at least the parameter [min:max:step]'],
    ['('.repeat(10_000), 'expression is nested too deeply'],
    ['!'.repeat(10_000), 'expression is nested too deeply'],
  ])('%.20s is refused while parsing', (expression, message) => {
    expect(() => parseMapping(`root = this.json_path(${JSON.stringify(expression)})`)).toThrow(`evaluating json path expression: `);
    expect(() => parseMapping(`root = this.json_path(${JSON.stringify(expression)})`)).toThrow(message);
  });

  it.each(['$.constructor', '$.__proto__', '$["toString"]', '$.arr.length', 'constructor', 'constructor("return 1")'])(
    'reaches nothing that is not in the document by %s',
    (expression) => {
      expect(run(expression)).toMatch(/^failed|^{"value":null}$/);
    },
  );

  it('bounds what a path may find', () => {
    const nested = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`);
    const outcome = parseMapping(`root = this.json_path("$${'..*'.repeat(6)}")`).map([messageOf(nested)], 0);
    expect(outcome.kind === 'failed' && outcome.error.message).toMatch(/exceeds the maximum/);
  });
});

const messageOf = (document: unknown) => ({ content: Buffer.from(JSON.stringify(document)), metadata: {} });

function run(expression: string): string {
  const outcome = parseMapping(`root.value = this.json_path(${JSON.stringify(expression)})`).map([messageOf(DOCUMENT)], 0);
  if (outcome.kind === 'mapped') return Buffer.from(outcome.message.content).toString();
  return outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
}
