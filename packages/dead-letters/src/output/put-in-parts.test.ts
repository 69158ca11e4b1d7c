import { describe, expect, it } from 'vitest';
import { letterOf } from '../testing/letters.ts';
import type { OutgoingLetter } from './dead-letter-output.ts';
import { partsOf, putInParts } from './put-in-parts.ts';

describe('letters in parts', () => {
  it.each<[string, { maxLetters: number; maxBytes: number }, string[], string[]]>([
    ['by number', { maxLetters: 2, maxBytes: 99 }, ['a', 'b', 'c'], ['ab', 'c']],
    ['by bytes, exactly', { maxLetters: 9, maxBytes: 4 }, ['aa', 'bb', 'c'], ['aabb', 'c']],
    ['by bytes, and not by characters', { maxLetters: 9, maxBytes: 4 }, ['üü', 'b'], ['üü', 'b']],
    ['one that is too large by itself', { maxLetters: 9, maxBytes: 2 }, ['a', 'bbb', 'c'], ['a', 'bbb', 'c']],
    ['nothing', { maxLetters: 9, maxBytes: 2 }, [], []],
  ])('are split %s', (_, limits, lines, parts) => {
    expect([...partsOf(lines.map(withLine), limits)].map((part) => part.map(({ line }) => line).join(''))).toEqual(parts);
  });

  it('after one that fails as a whole are not sent, and have its error; those before are sent', async () => {
    const gone = new Error('gone');
    const calls: string[] = [];
    const put = async (part: readonly OutgoingLetter[]) => {
      calls.push(part[0]!.line);
      if (part[0]!.line === 'b') throw gone;
      return [undefined];
    };
    const letters = ['a', 'b', 'c'].map(withLine);
    expect(await putInParts(letters, { maxLetters: 1, maxBytes: 9 }, put)).toEqual([undefined, gone, gone]);
    expect(calls).toEqual(['a', 'b']);
    await expect(putInParts(letters.slice(1), { maxLetters: 1, maxBytes: 9 }, put)).rejects.toBe(gone);
  });
});

const withLine = (line: string): OutgoingLetter => ({ letter: letterOf(line), line });
