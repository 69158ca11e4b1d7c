import { describe, expect, it } from 'vitest';
import { boundaryIn, packMultipart, unpackMultipart } from './multipart.ts';

const textsOf = (contents: readonly Uint8Array[]) => contents.map((content) => Buffer.from(content).toString('latin1'));

describe('multipart', () => {
  it('is read as it is written', () => {
    const contents = ['', 'a', 'with\r\nlines\r\n', '--B no boundary'].map((text) => Buffer.from(text));
    const body = packMultipart(contents, 'B', ['Content-Type: text/plain']);
    expect(Buffer.from(body).toString()).toContain('--B\r\nContent-Type: text/plain\r\n\r\na\r\n--B\r\n');
    expect(textsOf(unpackMultipart(packMultipart(contents.slice(0, 3), 'B', []), 'B'))).toEqual(['', 'a', 'with\r\nlines\r\n']);
    expect(textsOf(unpackMultipart(packMultipart(contents, 'longer', ['X: 1']), 'longer'))).toEqual(textsOf(contents));
  });

  it('is read with what stands before and behind it', () => {
    expect(
      textsOf(unpackMultipart(Buffer.from('preamble\r\n--B\r\n\r\none\r\n--B\r\nX-Part: 2\r\n\r\ntwo\r\n--B--\r\nepilogue'), 'B')),
    ).toEqual(['one', 'two']);
  });

  it.each(['', 'text', '--B\r\n\r\none', '--B\r\n\r\none\r\n--B\r\n\r\ntwo\r\n'])('that ends too early is an error: %j', (body) => {
    expect(() => unpackMultipart(Buffer.from(body), 'B')).toThrow('EOF');
  });

  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['Multipart/Mixed; charset=utf-8; boundary="a b"', 'a b'],
    ['multipart/mixed', undefined],
    ['text/plain; boundary=abc', undefined],
  ])('%s has the boundary %s', (type, expected) => {
    expect(boundaryIn(type)).toBe(expected);
  });
});
