import { encodeJson, parseJson } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { compileJq } from './index.ts';

const results = (filter: string, document: string): string =>
  compileJq(filter)
    .run(parseJson(document), { k: 'v' })
    .map((result) => encodeJson(result))
    .join(' ');

// All of these are what gojq answers.
describe('a jq filter', () => {
  it.each([
    ['.a.b, .["a"].b, .a["b"]', '{"a":{"b":1.0}}', '1.0 1.0 1.0'],
    ['.[-1], .[1:], .[:-1], .[1.2:2.1]', '[1,2,3]', '3 [2,3] [1,2] [2,3]'],
    ['[..|numbers]', '{"b":[1,{"c":2}],"a":3}', '[3,1,2]'],
    ['{a:(1,2),b:(3,4)} | [.a,.b]', 'null', '[1,3] [1,4] [2,3] [2,4]'],
    ['[(1,2)+(10,20)]', 'null', '[11,12,21,22]'],
    ['"v \\(1,2)-\\(3,4)"', 'null', '"v 1-3" "v 2-3" "v 1-4" "v 2-4"'],
    ['. as [$a,{b:$c}] | {$a,c:$c}', '[1,{"b":2}]', '{"a":1,"c":2}'],
    ['.[] as [$a] ?// $a | [$a]', '[[1],2]', '[1] [2]'],
    ['reduce .[] as $x (0; . + $x)', '[1,2,3]', '6'],
    ['[foreach .[] as $x (0; . + $x; [$x, .])]', '[1,2]', '[[1,1],[2,3]]'],
    ['if . > 1 then "a" elif . == 1 then "b" else "c" end', '1', '"b"'],
    ['[.[] | try error catch .]', '[1,"x"]', '[1,"x"]'],
    ['[.[] | tonumber?]', '["1","x","2.50"]', '[1,2.5]'],
    ['label $out | .[] | ., if . == 2 then break $out else empty end', '[1,2,3]', '1 2'],
    ['def f(g; $n): g * $n; f(.a; 2, 3)', '{"a":2}', '4 6'],
    ['def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; fac', '25', '15511210043330985984000000'],
    ['.a // "none", (.b // "none")', '{"a":null,"b":false}', '"none" "none"'],
    ['.[] += 1', '[1,2]', '[2,3]'],
    ['.a.b |= 3 | .c = 4 | .d //= 5', '{"a":{"b":1},"d":0}', '{"a":{"b":3},"c":4,"d":0}'],
    ['del(.a, .b[1:])', '{"a":1,"b":[1,2,3]}', '{"b":[1]}'],
    ['[paths], [path(..)] | length', '{"a":[1]}', '2 3'],
    ['group_by(.a), (unique_by(.a) | length), (max_by(.b) | .b)', '[{"a":1,"b":2},{"a":1,"b":3}]', '[[{"a":1,"b":2},{"a":1,"b":3}]] 1 3'],
    ['with_entries(.value += 1) | to_entries', '{"a":1}', '[{"key":"a","value":2}]'],
    ['[limit(2; repeat(.))], first(range(5)), [range(0;10;4)]', '1', '[1,1] 0 [0,4,8]'],
    ['gsub("(?<l>[a-z])"; "\\(.l)!"), [scan("[a-z]")], test("B"; "i"), capture("(?<x>b)")', '"ab"', '"a!b!" ["a","b"] true {"x":"b"}'],
    ['@base64, @uri, @json, @html, (@sh "echo \\(.)")', '"<a b>"', '"PGEgYj4=" "%3Ca%20b%3E" "\\"<a b>\\"" "&lt;a b&gt;" "echo \'<a b>\'"'],
    ['@csv, @tsv', '[1,"a\\"b",null]', '"1,\\"a\\"\\"b\\"," "1\\ta\\"b\\t"'],
    ['todate, (todate | fromdate), gmtime', '1425599507', '"2015-03-05T23:51:47Z" 1425599507 [2015,2,5,23,51,47,4,63]'],
    [
      '., . + 1, -., tostring',
      '12345678901234567890',
      '12345678901234567890 12345678901234567891 -12345678901234567890 "12345678901234567890"',
    ],
    ['. * 1.5, . / 2, . % 3, 10 / .', '5', '7.5 2.5 2 2'],
    ['$metadata.k, $ENV', 'null', '"v" {}'],
    ['walk(if type == "number" then . + 1 else . end)', '[1,{"a":2}]', '[2,{"a":3}]'],
    ['[splits(", *")], split(",")', '"a, b"', '["a","b"] ["a"," b"]'],
    ['sort, min, max, add, any, all, length, reverse', '[3,1,2]', '[1,2,3] 1 3 6 true true 3 [2,1,3]'],
    ['empty', '1', ''],
  ])('%s', (filter, document, expected) => {
    expect(results(filter, document)).toBe(expected);
  });

  it.each([
    ['.a', '1', 'expected an object but got: number (1)'],
    ['.[]', 'null', 'cannot iterate over: null'],
    ['. + 1', '"a"', 'cannot add: string ("a") and number (1)'],
    ['1 / 0', 'null', 'cannot divide number (1) by: number (0)'],
    ['error("x")', 'null', 'error: x'],
    ['error({a: 1})', 'null', 'error: {"a":1}'],
    ['path(1)', 'null', 'invalid path against: number (1)'],
    ['has("a")', '"this is a rather long text, or not"', 'has("a") cannot be applied to: string ("this is a rather long te ...")'],
    ['fromjson', '"{"', 'fromjson cannot be applied to "{": '],
    ['[.[] // 1]', '1', 'cannot iterate over: number (1)'],
  ])('fails: %s of %s', (filter, document, reason) => {
    expect(() => results(filter, document)).toThrow(reason);
  });

  it.each([
    ['.[', 'unexpected EOF'],
    ['1 2', 'unexpected token "2"'],
    ['"a', 'unterminated string literal'],
    ['"\\x"', 'invalid escape sequence "\\x" in string literal'],
    ['1a', 'invalid token "1a"'],
    ['nofn(1)', 'function not defined: nofn/1'],
    ['$x', 'variable not defined: $x'],
    ['input', 'input(s)/0 is not allowed'],
    ['break $x', 'label not defined: $x'],
  ])('does not compile: %s', (filter, reason) => {
    expect(() => compileJq(filter)).toThrow(reason);
  });

  it('keeps no document of an earlier run', () => {
    const { run } = compileJq('.a |= . + 1 | [., {b: 1.5}]');
    for (let round = 0; round < 2; round++) expect(run({ a: 1 }, {}).map((result) => encodeJson(result))).toEqual(['[{"a":2},{"b":1.5}]']);
  });
});
