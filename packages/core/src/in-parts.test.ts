import { describe, expect, it } from 'vitest';
import { inParts, type PartLimits, partsWithin } from './in-parts.ts';

const sizeOf = (text: string) => Buffer.byteLength(text);

describe('items in parts', () => {
  it.each<[string, PartLimits<string>, string[], string[]]>([
    ['by number', { maxItems: 2 }, ['a', 'b', 'c'], ['ab', 'c']],
    ['by bytes, exactly', { maxItems: 9, maxBytes: 4, sizeOf }, ['aa', 'bb', 'c'], ['aabb', 'c']],
    ['by bytes, and not by characters', { maxItems: 9, maxBytes: 4, sizeOf }, ['üü', 'b'], ['üü', 'b']],
    ['one that is too large by itself', { maxItems: 9, maxBytes: 2, sizeOf }, ['a', 'bbb', 'c'], ['a', 'bbb', 'c']],
    ['nothing', { maxItems: 9, maxBytes: 2, sizeOf }, [], []],
  ])('are split %s', (_, limits, items, parts) => {
    expect([...partsWithin(items, limits)].map((part) => part.join(''))).toEqual(parts);
  });

  it('after one that fails as a whole are not sent, and have its error; those before are sent', async () => {
    const gone = new Error('gone');
    const calls: string[] = [];
    const put = async ([item]: readonly string[]) => {
      calls.push(item!);
      if (item === 'b') throw gone;
      return [undefined];
    };
    expect(await inParts(['a', 'b', 'c'], { maxItems: 1 }, put)).toEqual([undefined, gone, gone]);
    expect(calls).toEqual(['a', 'b']);
    await expect(inParts(['b', 'c'], { maxItems: 1 }, put)).rejects.toBe(gone);
  });
});
