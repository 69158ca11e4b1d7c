import { describe, expect, it } from 'vitest';
import { splitDocuments } from './split-documents.ts';

describe('splitDocuments', () => {
  it.each([
    ['', []],
    ['# only a comment\n', []],
    ['a: 1\n', ['a: 1\n']],
    ['---\na: 1\n', ['---\na: 1\n']],
    ['# head\n---\na: 1\n', ['# head\n---\na: 1\n']],
    ['%YAML 1.2\n---\na: 1\n', ['%YAML 1.2\n---\na: 1\n']],
    ['a: 1\n---\nb: 2\n', ['a: 1\n', '---\nb: 2\n']],
    ['a: 1\n---\n---\nb: 2\n', ['a: 1\n', '---\n', '---\nb: 2\n']],
    ['a: 1\n---\n', ['a: 1\n', '---\n']],
    ['a: 1\n...\n', ['a: 1\n']],
    ['a: 1\n...\n---\nb: 2', ['a: 1\n', '\n---\nb: 2']],
    ['a: |\n  ---\n  x\n', ['a: |\n  ---\n  x\n']],
    ['--- {a: 1}\n', ['--- {a: 1}\n']],
    ['---a: 1\n', ['---a: 1\n']],
  ])('%j', (text, documents) => {
    expect(splitDocuments(text).map(({ start, end }) => text.slice(start, end))).toEqual(documents);
  });
});
