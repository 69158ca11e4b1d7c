import { describe, expect, it } from 'vitest';
import { isMetadataName, toMetadataValue } from './header-text.ts';

describe('a value of metadata', () => {
  it('is sent as it is where a header takes it', () => {
    expect(toMetadataValue('a =?b\t~')).toBe('a =?b\t~');
  });

  it.each(['Käse', 'a\nb', '😀'.repeat(40), 'ü'.repeat(46)])('is sent in encoded words otherwise: %j', (text) => {
    const words = toMetadataValue(text).split(' ');
    expect(words.every((word) => word.length <= 75)).toBe(true);
    expect(words.map((word) => Buffer.from(/^=\?UTF-8\?B\?(.+)\?=$/.exec(word)![1]!, 'base64').toString()).join('')).toBe(text);
  });
});

it.each([
  ['kinesis_shard', true],
  ['a.b-c', true],
  ['', false],
  ['a b', false],
  ['ü', false],
  ['a:b', false],
])('`%s` is a name of metadata: %s', (name, expected) => {
  expect(isMetadataName(name)).toBe(expected);
});
