import type { Message } from '@sluice/bloblang';
import { DELETED, JsonNumber } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { parseMapping } from '../parse.ts';

describe('map', () => {
  it.each([
    ['root = this', '{"b":1,"a":{"d":1.0,"c":[1e3]}}', '{"a":{"c":[1e3],"d":1.0},"b":1}'],
    ['root = "text"', '{}', 'text'],
    ['root = "bytes".bytes()', '{}', 'bytes'],
    ['root = null', '{}', 'null'],
    ['meta k = 1', 'kept as it is', 'kept as it is'],
    ['root = nothing()', '{"a" : 1}', '{"a" : 1}'],
    ['root.a = [1, deleted(), nothing()]', '', '{"a":[1]}'],
    ['root.a.b."c d".0 = 1', '', '{"a":{"b":{"c d":{"0":1}}}}'],
    ['root = [1, 2]\nroot.1 = 3\nroot."-" = 4', '', '[1,3,4]'],
    ['root = this\nroot.a = deleted()\nroot.l.0 = deleted()\nroot.x.y = deleted()', '{"a":1,"l":[1,2]}', '{"l":[2]}'],
    ['bare.a = this.x', '{"x":1}', '{"bare":{"a":1}}'],
    ['this.a = 1', '', '{"this":{"a":1}}'],
    ['root.a = this.a\nroot.a.b = 2\nroot.c = this.a.b', '{"a":{"b":1}}', '{"a":{"b":2},"c":1}'],
    ['root.a.n = 1\nroot.b = root.a\nroot.a.n = 2', '', '{"a":{"n":2},"b":{"n":1}}'],
    ['root.a = this.a\nroot.b = this.a\nroot.a.n = 2\nroot.c = this.a.n', '{"a":{"n":1}}', '{"a":{"n":2},"b":{"n":1},"c":1}'],
    [
      'root = this\nroot.l.0.n = 2\nroot.l.1.n = deleted()\nroot.old = this.l',
      '{"l":[{"n":1},{"n":1}]}',
      '{"l":[{"n":2},{}],"old":[{"n":1},{"n":1}]}',
    ],
    ['let x = this.a\nroot.a = $x\nroot.a.n = 2\nroot.x = $x', '{"a":{"n":1}}', '{"a":{"n":2},"x":{"n":1}}'],
    ['map m { root = this\nroot.n = 2 }\nroot.a = this.apply("m")\nroot.b = this', '{"n":1}', '{"a":{"n":2},"b":{"n":1}}'],
    ['let x = 1\nlet x = nothing()\nroot = $x', '', '1'],
    ['root.f = content().string()', 'raw', '{"f":"raw"}'],
    ['this.a', '{"a":{"b":1}}', '{"b":1}'],
    ['root = this."*"', '{"*":1}', '1'],
    ['root = this.l."*".b', '{"l":[{"b":1},{"c":3},{"b":null}]}', '[1,null]'],
  ])('%j on %j', (mapping, content, output) => {
    expect(mapped(mapping, messageOf(content))).toBe(output);
  });

  it('leaves the batch alone, and copies metadata only to write to it', () => {
    const message = messageOf('{"a":{"b":1}}', { k: 'v' });
    const outcome = parseMapping('meta k = this.a\nmeta l = @k\nroot.old = metadata("k")').map([message], 0);

    expect(message).toEqual(messageOf('{"a":{"b":1}}', { k: 'v' }));
    expect(outcome).toEqual({
      kind: 'mapped',
      message: messageOf('{"old":"v"}', { k: { b: new JsonNumber('1') }, l: { b: new JsonNumber('1') } }),
    });
  });

  it.each([
    ['meta = deleted()', {}],
    ['meta = {"x": "1", "y": @k}', { x: '1', y: 'v' }],
    ['meta k = deleted()', {}],
    ['meta k = nothing()', { k: 'v' }],
    ['meta "__proto__" = "own"', JSON.parse('{"k":"v","__proto__":"own"}')],
  ])('writes metadata with %j', (mapping, metadata) => {
    expect(parseMapping(mapping).map([messageOf('{}', { k: 'v' })], 0)).toEqual({ kind: 'mapped', message: messageOf('{}', metadata) });
  });

  it('drops a message whose root was deleted', () => {
    expect(parseMapping('root = deleted()').map([messageOf('{}')], 0)).toEqual({ kind: 'dropped' });
  });

  it.each([
    [
      'root = this.a.b',
      'no json',
      "unable to reference message as structured (with 'this.a.b'): parse as json: invalid character 'o' in literal null (expecting 'u')",
    ],
    ['root = this', '', "unable to reference message as structured (with 'this'): message is empty"],
    ['root = this."a.b"', '', "unable to reference message as structured (with 'this.a~1b'): message is empty"],
    ['root = this.(x -> x.a)', '', "unable to reference message as structured (with 'this'): message is empty"],
    ['root = $nope', '{}', "variable 'nope' undefined"],
    ['root.a = 5\nroot.a.b.c = 1', '{}', 'unable to set target path a.b.c as the value of a was a non-object type (number)'],
    ['root = [1]\nroot.0.b = 1', '{}', 'unable to set target path 0.b as the value of the root was a non-object type (array)'],
    ['root = {"a": throw("x")}', '{}', "failed to resolve 'a' value: x"],
    ['root = {this.a: 1}', '{"a":5}', 'mapping returned invalid key type: json.Number'],
    ['root = 5 - this.a', '{"a":"x"}', 'cannot subtract types number (from number literal) and string (from field `this.a`)'],
    ['root = !this.a', '{"a":1}', 'expected bool value, got number from field `this.a` (1)'],
    ['root = if this.a { 1 }', '{"a":"x"}', 'field `this.a` resolved to a non-boolean value x (string)'],
    ['root = if false { 1 } else if throw("x") { 2 }', '{}', 'failed to check if condition 1: x'],
    ['root = match { throw("x") => 1 }', '{}', 'failed to check match case 0: x'],
    ['if null { root = 1 }', '{}', 'null literal resolved to a non-boolean value <nil> (<nil>)'],
    [
      'map m { if true { meta a = 1 } }\nroot = this.apply("m")',
      '{}',
      'failed assignment (line 1): unable to assign metadata in the current context',
    ],
    ['root = this.apply("m")', '{}', 'map m was not found'],
  ])('%j fails on %j', (mapping, content, text) => {
    const message = messageOf(content, { k: 'v' });
    const outcome = parseMapping(mapping).map([message], 0);

    expect(outcome).toMatchObject({ kind: 'failed', message });
    const line = mapping.includes('\n') ? 2 : 1;
    expect(outcome.kind === 'failed' && outcome.error.message).toBe(`failed assignment (line ${line}): ${text}`);
  });

  it('looks at other messages of its batch', () => {
    const batch = ['{"n":1}', '{"n":2}', '{"n":3}'].map((content) => messageOf(content));

    expect(
      batch.map((_, index) =>
        outputOf(parseMapping('root = [batch_index(), this.n, json("n").from(1), json("n").from_all()]').map(batch, index)),
      ),
    ).toEqual(['[0,1,2,[1,2,3]]', '[1,2,2,[1,2,3]]', '[2,3,2,[1,2,3]]']);
  });
});

describe('from', () => {
  const batch = ['{"n":1}', '{"n":2}', '{"n":3}'].map((content) => messageOf(content, { k: content }));

  it.each([
    ['json("n").from(-1)', '3'],
    ['json("n").from(-3)', '1'],
    ['metadata("k").from(-2)', '{"n":2}'],
    ['content().from(-1).string()', '{"n":3}'],
    ['metadata().from(9)', '{}'],
    ['content().from(9).length()', '0'],
    ['json("n").from(9).catch(err -> err)', 'target message part does not exist'],
    ['json("n").from(-9).catch("none")', 'none'],
  ])('%s', (query, output) => {
    expect(outputOf(parseMapping(query).map(batch, 0))).toBe(output);
  });
});

describe('mutate', () => {
  it('lets this, root and metadata be the message as it is now', () => {
    expect(mutated('root.a = this.b\nroot.b = this.a', messageOf('{"a":1,"b":2}'))).toBe('{"a":2,"b":2}');
    expect(mutated('meta k = "new"\nroot.k = metadata("k")\nroot.l = content().string()', messageOf('{}', { k: 'old' }))).toBe(
      '{"k":"new","l":"{\\"k\\":\\"new\\"}"}',
    );
  });

  it('starts from nothing where the message is no document', () => {
    expect(mutated('root.a = 1', messageOf('no json'))).toBe('{"a":1}');
    expect(mutated('meta k = 1', messageOf('no json'))).toBe('no json');
  });

  it('keeps the edits made before a failure on the failed message', () => {
    const outcome = parseMapping('root.a = 1\nmeta k = 1\nroot.b = throw("x")').mutate([messageOf('{"z":0}')], 0);

    expect(outcome).toMatchObject({ kind: 'failed', message: messageOf('{"a":1,"z":0}', { k: 1n }) });
  });

  it('does not let one edit reach into another', () => {
    expect(mutated('root.b = this.a\nroot.b.n = 2', messageOf('{"a":{"n":1}}'))).toBe('{"a":{"n":1},"b":{"n":2}}');
  });
});

describe('check', () => {
  const batch = [messageOf('{"n":1}'), messageOf('true')];

  it.each([
    ['this.n > 0', 0, true],
    ['root = batch_index() == 1', 0, false],
    ['root = "true"', 0, true],
    ['root = nothing()', 1, true],
  ])('%s of message %i is %s', (mapping, index, answer) => {
    expect(parseMapping(mapping).check(batch, index)).toBe(answer);
  });

  it.each([
    ['root = 5', 'expected bool value, got number from mapping (5)'],
    ['root = deleted()', 'query mapping resulted in deleted message, expected a boolean value'],
    ['root = throw("x")', 'failed assignment (line 1): x'],
  ])('%s throws', (mapping, text) => {
    expect(() => parseMapping(mapping).check(batch, 0)).toThrow(text);
  });
});

describe('mapRaw', () => {
  it('takes the content for `this`, as bytes', () => {
    const batch = [messageOf('{"a":1}', { k: 'v' })];
    const outcome = parseMapping('root = this.type() + json("a").string() + this.string() + @k').mapRaw(batch, 0);
    expect(outputOf(outcome)).toBe('bytes1{"a":1}v');
    expect(outputOf(parseMapping('root.a = this.a').mapRaw([messageOf('no json')], 0))).toBe('{"a":null}');
  });
});

describe('evaluate', () => {
  it('runs on a value that is no message', () => {
    expect(parseMapping('root.b = this.a').evaluate({ a: 1 })).toEqual({ b: 1 });
    expect(parseMapping('root = deleted()').evaluate(null)).toBe(DELETED);
  });
});

const messageOf = (content: string, metadata: Message['metadata'] = {}): Message => ({
  content: Buffer.from(content),
  metadata,
});

const mapped = (mapping: string, message: Message): string => outputOf(parseMapping(mapping).map([message], 0));
const mutated = (mapping: string, message: Message): string => outputOf(parseMapping(mapping).mutate([message], 0));

function outputOf(outcome: ReturnType<ReturnType<typeof parseMapping>['map']>): string {
  if (outcome.kind !== 'mapped') throw outcome.kind === 'failed' ? outcome.error : new Error('dropped');
  return Buffer.from(outcome.message.content).toString();
}
