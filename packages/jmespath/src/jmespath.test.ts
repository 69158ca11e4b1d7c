import { encodeJson, parseJson } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { compileJmespath } from './index.ts';

const search = (query: string, document: string): string => encodeJson(compileJmespath(query)(parseJson(document)));

const CITIES = '{"locations":[{"name":"Seattle","state":"WA"},{"name":"New York","state":"NY"},{"name":"Bellevue","state":"WA"}]}';
const NESTED = '{"a":[{"b":1,"c":"x"},{"b":2,"c":"y"},{"d":[[1],[2,[3]]]}],"n":2.5,"<":null}';

describe('a JMESPath query', () => {
  it.each([
    ["locations[?state == 'WA'].name | sort(@) | {Cities: join(', ', @)}", CITIES, '{"Cities":"Bellevue, Seattle"}'],
    ['a[*].b', NESTED, '[1,2]'],
    ['a[?b > `1`].c | [0]', NESTED, '"y"'],
    ['a[].d[]', NESTED, '[[1],[2,[3]]]'],
    ['a[].d[][]', NESTED, '[1,2,[3]]'],
    ['a[::-1].c', NESTED, '["y","x"]'],
    ['a[-1].d[0]', NESTED, '[1]'],
    ['a[9]', NESTED, 'null'],
    ['n.b.c', NESTED, 'null'],
    ['*', NESTED, '[[{"b":1,"c":"x"},{"b":2,"c":"y"},{"d":[[1],[2,[3]]]}],2.5]'],
    ['[n, a[0].b, "<"]', NESTED, '[2.5,1,null]'],
    ['z || n', NESTED, '2.5'],
    ['n && `0`', NESTED, '0'],
    ['!z', NESTED, 'true'],
    ['n == `2.50`', NESTED, 'true'],
    ["n > 'a'", NESTED, 'null'],
    ["'it\\'s'", NESTED, '"it\'s"'],
    ['"a\\u0062"', '{"ab":1}', '1'],
    ['@', '{"b":1.0,"a":12345678901234567890,"c":1e-7}', '{"a":12345678901234567000,"b":1,"c":1e-7}'],
  ])('%s', (query, document, result) => {
    expect(search(query, document)).toBe(result);
  });

  it.each([
    ['abs(`-1`)', '1'],
    ['avg(`[1,2]`)', '1.5'],
    ['ceil(`1.2`)', '2'],
    ["contains(`[1,[2]]`, `[2]`) && contains('abc', 'b')", 'true'],
    ["ends_with('abc', 'c') && starts_with('abc', 'a')", 'true'],
    ['floor(`1.8`)', '1'],
    ['join(\'-\', `["a","b"]`)', '"a-b"'],
    ['keys(`{"b":1,"a":2}`)', '["a","b"]'],
    ['[length(\'ä😀\'), length(`[1]`), length(`{"a":1}`)]', '[2,1,1]'],
    ['map(&a, `[{"a":1},{}]`)', '[1,null]'],
    ['[max(`[1,3,2]`), max(`["a","b"]`), max(`[]`)]', '[3,"b",null]'],
    ['[min(`[2,1]`), min(`["b","a"]`)]', '[1,"a"]'],
    ['[max_by(`[{"a":1},{"a":2}]`, &a).a, min_by(`[{"a":"y"},{"a":"x"}]`, &a).a]', '[2,"x"]'],
    ['merge(`{"a":1,"b":1}`, `{"b":2}`)', '{"a":1,"b":2}'],
    ['not_null(`null`, `2`)', '2'],
    ["[reverse('ab'), reverse(`[1,2]`)]", '["ba",[2,1]]'],
    ['sort(`[3,1,2]`)', '[1,2,3]'],
    ['sort_by(`[{"a":2},{"a":1}]`, &a)[].a', '[1,2]'],
    ['sum(`[1,2.5]`)', '3.5'],
    ['[to_array(`1`), to_array(`[1]`)]', '[[1],[1]]'],
    ["[to_number('1.5'), to_number('x'), to_number(`[]`)]", '[1.5,null,null]'],
    ['to_string(`{"a":"<"}`)', '"{\\"a\\":\\"\\\\u003c\\"}"'],
    ["[type('a'), type(`1`), type(`true`), type(`[]`), type(`{}`), type(`null`)]", '["string","number","boolean","array","object","null"]'],
    ['values(`{"b":1,"a":2}`)', '[2,1]'],
  ])('%s', (query, result) => {
    expect(search(query, '{}')).toBe(result);
  });

  it.each([
    ['length(@)', 'Invalid type for: 5, expected: []jmespath.jpType{"string", "array", "object"}'],
    ['sum(`[1,"x"]`)', 'Invalid type for: [1 x], expected: []jmespath.jpType{"array[number]"}'],
    ['nofn(@)', 'unknown function: nofn'],
    ['abs(@, @)', 'incorrect number of args'],
    ['merge()', 'Invalid arity.'],
    ['`[1]`[::0]', 'Invalid slice, step cannot be 0'],
    ['sort_by(`[{"a":1},{"a":"x"}]`, &a)', 'error in sort_by comparison'],
    ['max_by(`[{"a":1},{"a":"x"}]`, &a)', 'invalid type, must be number'],
  ])('fails: %s', (query, reason) => {
    expect(() => search(query, '5')).toThrow(reason);
  });

  it.each([
    ['a[', 'SyntaxError: Expected tStar, received: tEOF'],
    ['a b', 'SyntaxError: Unexpected token at the end of the expression: tUnquotedIdentifier'],
    ['', 'SyntaxError: Incomplete expression'],
    ['a.', 'SyntaxError: Expected identifier, lbracket, or lbrace'],
    ["'a", "SyntaxError: Unclosed delimiter: '"],
    ['a#', "SyntaxError: Unknown char: '#'"],
    ['"f"(a)', "SyntaxError: Can't have quoted identifier as function name."],
    ['`{`', 'unexpected EOF'],
  ])('does not compile: %j', (query, reason) => {
    expect(() => compileJmespath(query)).toThrow(reason);
  });
});
