import type { Message } from '@sluice/bloblang';
import { describe, expect, it } from 'vitest';
import { parseInterpolation } from '../parse.ts';

const message: Message = { content: Buffer.from('{"user":{"id":"u1","n":1.0},"html":{"a":"<b>"}}'), metadata: { k: 'v', n: 5 } };

describe('parseInterpolation', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['${! json("user.id") }-${! metadata("k") }', 'u1-v'],
    ['${!json("user.n")}', '1'],
    ['${! this.user.n }', '1.0'],
    ['${! @n } ${! @nope } ${! this.nope } ${! deleted() } ${! nothing() }', '5 null null null null'],
    ['a${{! json("user.id") }}b', 'a${! json("user.id") }b'],
    ['$ ${foo} $${! "x" }$', '$ ${foo} $x$'],
    ['${! "}" + {"}": "}"}."}" }', '}}'],
    ['${! 1000000.0 } ${! 123456789.0 } ${! this.html }', '1e+06 1.23456789e+08 {"a":"\\u003cb\\u003e"}'],
    ['${! content() }', '{"user":{"id":"u1","n":1.0},"html":{"a":"<b>"}}'],
  ])('%j', (template, text) => {
    const interpolation = parseInterpolation(template);

    expect(interpolation.evaluate([message], 0)).toBe(text);
    expect(Buffer.from(interpolation.evaluateBytes([message], 0)).toString()).toBe(text);
  });

  it('knows what needs no message', () => {
    const { isStatic, queryCount } = parseInterpolation('a-${! 1 + 1 }-${{! x }}');

    expect({ isStatic, queryCount }).toEqual({ isStatic: true, queryCount: 1 });
    expect(parseInterpolation('a-${! 1 + 1 }-${{! x }}').evaluate([], 0)).toBe('a-2-${! x }');
    expect(parseInterpolation('${! json() }').isStatic).toBe(false);
  });

  it('asks a message for one value of its metadata where it can give one', () => {
    const frugal: Message = {
      content: message.content,
      get metadata(): never {
        throw new Error('put together for one value');
      },
      metadataOf: (key) => (key === 'k' ? 'v' : undefined),
    };
    expect(parseInterpolation('${! metadata("k") } ${! metadata("l") } ${! metadata("k").from(0) }').evaluate([frugal], 0)).toBe(
      'v null v',
    );
  });

  it('leaves bytes that are not text as they are', () => {
    const content = Uint8Array.of(0xff, 0x00, 0xfe);

    expect(parseInterpolation('${! content() }').evaluateBytes([{ content, metadata: {} }], 0)).toEqual(content);
    expect(Buffer.from(parseInterpolation('a${! content() }').evaluateBytes([{ content, metadata: {} }], 0))).toEqual(
      Buffer.from([0x61, 0xff, 0, 0xfe]),
    );
  });

  it.each([
    ['${! json("a" }', 'line 1 char 14: required: expected comma or closing bracket'],
    ['a ${! }', 'line 1 char 7: required: expected query'],
    ['a ${! 1', 'line 1 char 8: required: expected end of expression'],
    ['${!\n1 }', 'line 1 char 4: required: expected query'],
    ['${{! 1 }', 'line 1 char 5: required: expected end of escaped expression'],
  ])('refuses %j', (template, text) => {
    expect(() => parseInterpolation(template)).toThrow(text);
  });

  it.each([
    ['${! $v }', 'variables were undefined'],
    ['${! root.a }', 'unable to reference `root` from this context'],
    ['${! this.apply("m") }', 'no maps were found'],
    ['${! throw("x") }', 'x'],
  ])('%j fails on any message', (template, text) => {
    expect(() => parseInterpolation(template).evaluate([message], 0)).toThrow(text);
  });

  it('fails on a message that is no JSON only where it is needed', () => {
    const raw = { content: Buffer.from('raw'), metadata: { k: 'v' } };

    expect(parseInterpolation('${! @k } ${! this.a.catch("none") }').evaluate([raw], 0)).toBe('v none');
    expect(() => parseInterpolation('${! this.a }').evaluate([raw], 0)).toThrow('context was undefined, unable to reference `a`');
    expect(() => parseInterpolation('${! json("a") }').evaluate([raw], 0)).toThrow("invalid character 'r' looking for beginning of value");
  });
});
