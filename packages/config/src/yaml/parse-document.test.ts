import { describe, expect, it } from 'vitest';
import { ProblemLog } from '../problem/problem.ts';
import { SourceFile, sliceOf } from '../source/source-file.ts';
import type { ConfigNode } from './node.ts';
import { parseDocument } from './parse-document.ts';
import type { YamlDialect } from './tree-builder.ts';

describe('parseDocument', () => {
  it('follows aliases and merges where the dialect has them', () => {
    const { value, messages } = parse('base: &b {x: 1, y: 2}\na: *b\nb:\n  <<: *b\n  y: 3\nc:\n  <<: [{y: 4}, *b]\n', MERGING);
    expect({ value, messages }).toEqual({
      value: { base: { x: '1', y: '2' }, a: { x: '1', y: '2' }, b: { y: '3', x: '1' }, c: { y: '4', x: '1' } },
      messages: [],
    });
  });

  it('ignores a merge of an alias where Benthos does, with a warning', () => {
    expect(parse('base: &b {x: 1}\na:\n  <<: *b\n  y: 3\n', ALIASES)).toEqual({
      value: { base: { x: '1' }, a: { y: '3' } },
      messages: ['3:3 `<<` is ignored, as Benthos does: write the fields out'],
    });
  });

  it('takes an alias for the text of its name in a module.yaml', () => {
    expect(parse('a: &r {x: 1}\nb: *r\n', { resolvesAliases: false })).toEqual({
      value: { a: { x: '1' }, b: 'r' },
      messages: ['2:4 a module.yaml has no aliases: `*r` is read as the text "r"; write the value out'],
    });
  });

  it.each([
    ['a: *nope\n', '1:4 unknown anchor `nope`; an anchor `&nope` must stand before it, and not around it'],
    ['a:\n  <<: 3\n', '2:7 `<<` takes an object, or a list of objects'],
    ['? [a]\n: 1\n', '1:3 a key must be a text, not a list or an object'],
    ['a: [1\nb: 2\n', '2:1 invalid YAML: flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['a: 1\n# \u0000\n', '2:3 invalid YAML: control characters are not allowed'],
    ['a: "x\n', '2:1 invalid YAML: missing closing "quote'],
  ])('reports what is wrong with %j', (text, message) => {
    expect(parse(text, MERGING).messages).toContain(message);
  });

  it('finds a place within a scalar, however it is written', () => {
    const text = 'a: plain text\nb: "quoted"\nc: |\n\n    first\n    second\n';
    const root = parseDocument(sliceOf(new SourceFile('t', text), 0, text.length), { resolvesAliases: true }, new ProblemLog());
    const at = (name: string, line: number, column: number) => {
      const node = root?.kind === 'map' ? root.get(name) : undefined;
      return node?.kind === 'scalar' ? node.positionWithin(line, column) : undefined;
    };
    expect([at('a', 1, 7), at('b', 1, 2), at('c', 3, 4)]).toEqual([
      { file: 't', line: 1, column: 10 },
      { file: 't', line: 2, column: 6 },
      { file: 't', line: 6, column: 8 },
    ]);
  });
});

const ALIASES: YamlDialect = { resolvesAliases: true };
const MERGING: YamlDialect = { resolvesAliases: true, merges: true };

function parse(text: string, dialect: YamlDialect) {
  const log = new ProblemLog();
  const root = parseDocument(sliceOf(new SourceFile('t', text), 0, text.length), dialect, log);
  return { value: root && plainOf(root), messages: log.problems.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}

function plainOf(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'list') return node.items.map(plainOf);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plainOf(value)]));
}
