import { inspect } from 'node:util';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { clone } from '../value/clone.ts';
import { DELETED, type Value } from '../value/kinds.ts';
import { deletePath, getPath, type Path, setPath } from '../value/path.ts';
import { encodeDocument } from './json-encode.ts';
import { parseJson } from './json-parse.ts';
import { JsonPlaces } from './json-places.ts';
import type { Edit } from './json-writer.ts';

const open = (text: string): JsonPlaces | undefined => JsonPlaces.of(Buffer.from(text));

describe('a document that is read by place', () => {
  it('finds what is at a path', () => {
    const places = open(' { "b" : { "c" : [ 1, {"d":"x"} , {"d":-2.50} ] } , "a":"\\u00e9\\n" } ')!;
    expect(places.get(['b', 'c', '1', 'd'])).toBe('x');
    expect(places.get(['b', 'c', '2', 'd'])).toEqual({ text: '-2.50' });
    expect(places.get(['b', 'c', '*', 'd'])).toEqual(['x', { text: '-2.50' }]);
    expect(places.get(['b', 'c', '3'])).toBe(null);
    expect(places.get(['b', 'c', '-1'])).toBe(null);
    expect(places.get(['b', 'c', '+1', 'd'])).toBe('x');
    expect(places.get(['a', 'b'])).toBe(null);
    expect(places.get(['a'])).toBe('é\n');
  });

  it('forgets its places when another one is scanned, and is written nevertheless', () => {
    const first = open('{"b":1,"a":2}')!;
    expect(open('{"x":[]}')!.areKnown).toBe(true);
    expect(first.areKnown).toBe(false);
    expect(String(first.write([{ path: ['c'], value: 'new' }]))).toBe('{"a":2,"b":1,"c":"new"}');
  });

  it('leaves no edit behind for the next document of that layout', () => {
    for (const value of [DELETED, 'new', { x: 1n }]) open('{"a":{"b":1}}')!.write([{ path: ['a', 'b'], value }]);
    open('{"a":{"b":1}}')!.write([
      { path: ['a', 'x'], value: 1n },
      { path: ['a', 'c'], value: 1n },
    ]);
    expect(String(open('{"a":{"b":2}}')!.write([]))).toBe('{"a":{"b":2}}');
    expect(String(open('{"a":{"b":2}}')!.write([{ path: ['d'], value: null }]))).toBe('{"a":{"b":2},"d":null}');
  });

  it.each([
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice, written in two ways', '{"a":1,"\\u0061":2}'],
    ['half a character', '{"a":"\\ud83d"}'],
    ['no object', '[1]'],
    ['objects nested deep', `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`],
    ['a line separator', '{"a":"\u2028"}'],
    ['a very long key', `{"${'k'.repeat(200)}":1}`],
  ])('leaves a document with %s to the parser', (_, text) => {
    expect(open(text)).toBeUndefined();
    expect(() => parseJson(text)).not.toThrow();
  });

  it.each([
    '',
    '{',
    '{}}',
    '{}x',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{"a":01}',
    '{"a":-}',
    '{"a":1.}',
    '{"a":1e}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":tru}',
    '{"a":nul\u0000}',
    '{"a":[1,]}',
    '{"a":[,]}',
    '{"a":[1}',
    '{"a":"\n"}',
    '{"a":"\u001f"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '{"a":"\\u00g0"}',
    '{"a":"\\u00:0"}',
    '{"a":"\\',
    '{"a":"\\u',
    '{"a":"',
    '{"a',
    "{'a':1}",
    '{"a":1 "b":2}',
    '{"a" 1}',
    '{"a":\u00a01}',
  ])('refuses what is no JSON: %j', (text) => {
    expect(open(text)).toBeUndefined();
    expect(() => parseJson(text)).toThrow();
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(JsonPlaces.of(Buffer.from('{"a":"\xff"}', 'latin1'))).toBeUndefined();
  });
});

describe('documents at random', () => {
  it('are read and written as the parser and the encoder do it', () => {
    const { seed, below } = randomFor('documents by place');
    let scanned = 0;
    for (let round = 0; round < 4000; round++) {
      const text = randomDocument(below);
      const content = Buffer.from(below(4) === 0 ? damaged(text, below) : text);
      const hint = `seed ${seed}, round ${round}: ${content}`;
      const places = JsonPlaces.of(content);
      if (places === undefined) continue;
      scanned++;
      const document = parseJson(content.toString());
      for (let look = 0; look < 5; look++) {
        const path = randomPath(below);
        expect(places.get(path), `${hint} at ${path}`).toEqual(getPath(document, path));
      }
      expect(String(places.write([])), hint).toBe(encodeDocument(document));
      const edits = randomEdits(places, below);
      expect(String(places.write(edits)), `${hint} with ${inspect(edits)}`).toBe(encodeDocument(edited(document, edits)));
      expect(String(places.write([])), hint).toBe(encodeDocument(document));
    }
    expect(scanned).toBeGreaterThan(1000);
  });
});

type Below = (limit: number) => number;

const KEYS = ['a', 'b', 'c', 'é', '0', '1', '*', '-', '', '\\n', '__proto__', '\\u0041', 'long key of more than a few bytes'];
const SCALARS = [
  ...['0', '-0', '1', '-17', '1.5', '-0.25', '1.50', '1e3', '1E-7', '0.0000001', '123456789012345', '12345678901234567890', '0.1234567'],
  ...['true', 'false', 'null', '""', '"x"', '"é€😀"', '"\\u00e9\\/\\b"', '"\\\\"', '"\\""', '"\\u001f"', '"<&>"', '"\\u2028"'],
  ...['"\\uD7ff\\uE000"', '"\\\\ud"', '"\\n\\u2029"'],
  `"${'a longer text '.repeat(5)}"`,
  `"${'\\n\\"'.repeat(20)}"`,
];

const pick = <T>(from: readonly T[], below: Below): T => from[below(from.length)]!;

const randomDocument = (below: Below): string => `${blank(below)}${objectOf(below, 0)}${blank(below)}`;

const blank = (below: Below): string => (below(8) === 0 ? pick([' ', '\n', '\t\r', '  '], below) : '');

function objectOf(below: Below, depth: number): string {
  const fields = Array.from(
    { length: below(5) },
    () => `${blank(below)}"${pick(KEYS, below)}"${blank(below)}:${blank(below)}${elementOf(below, depth + 1)}${blank(below)}`,
  );
  return `{${fields.length === 0 ? blank(below) : fields.join(',')}}`;
}

function elementOf(below: Below, depth: number): string {
  const kind = depth > 4 ? 9 : below(10);
  if (kind < 3) return objectOf(below, depth);
  if (kind > 4) return pick(SCALARS, below);
  const elements = Array.from({ length: below(4) }, () => `${blank(below)}${elementOf(below, depth + 1)}${blank(below)}`);
  return `[${elements.length === 0 ? blank(below) : elements.join(',')}]`;
}

/** A character taken away, put in, or changed. */
function damaged(text: string, below: Below): string {
  const at = below(text.length);
  const inserted = below(3) === 0 ? '' : pick([...'{}[]",:\\ 0-+.eEtfnu\n\u0000é'], below);
  return text.slice(0, at) + inserted + text.slice(at + below(2));
}

const randomPath = (below: Below): Path =>
  Array.from({ length: 1 + below(4) }, () => pick(['a', 'b', 'c', 'é', '0', '1', '*', '-', '', 'A'], below));

function randomEdits(places: JsonPlaces, below: Below): Edit[] {
  const edits: Edit[] = [];
  for (let count = below(4); count > 0; count--) {
    const path = randomPath(below).slice(0, 1 + below(3));
    const isBelow = edits.some((edit) => edit.path.length < path.length && edit.path.every((key, depth) => key === path[depth]));
    if (isBelow || !places.canEdit(path)) continue;
    edits.push({ path, value: pick<Value>([DELETED, null, 'text "é"', 7n, 1.5, [1n, 'x'], { b: 1n, a: [] }], below) });
  }
  return edits;
}

function edited(document: Value, edits: readonly Edit[]): Value {
  const copy = clone(document);
  for (const { path, value } of edits) {
    if (value === DELETED) deletePath(copy, path);
    else setPath(copy, path, value);
  }
  return copy;
}
