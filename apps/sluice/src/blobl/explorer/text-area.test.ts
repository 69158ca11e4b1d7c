import { describe, expect, it } from 'vitest';
import { erase, eraseToLineEnd, insert, type MotionName, move, type TextArea } from './text-area.ts';

/** A text with `|` where the cursor is. */
const at = (marked: string): TextArea => ({ text: marked.replace('|', ''), cursor: marked.indexOf('|') });
const shown = ({ text, cursor }: TextArea): string => `${text.slice(0, cursor)}|${text.slice(cursor)}`;

describe('a text area', () => {
  it.each<[MotionName, string, string]>([
    ['left', 'ab|c', 'a|bc'],
    ['left', 'ab\n|c', 'ab|\nc'],
    ['left', '|a', '|a'],
    ['left', 'x👩‍👩‍👧|', 'x|👩‍👩‍👧'],
    ['right', '|👩‍👩‍👧x', '👩‍👩‍👧|x'],
    ['right', 'a|\nb', 'a\n|b'],
    ['right', 'a|', 'a|'],
    ['wordLeft', 'this.user|', 'this.|user'],
    ['wordRight', 'this|.user = 1', 'this.user| = 1'],
    ['lineStart', 'a\nbc|d', 'a\n|bcd'],
    ['lineEnd', 'a|b\nc', 'ab|\nc'],
    ['up', 'abc\nde|f', 'ab|c\ndef'],
    ['up', 'a\nbcd|', 'a|\nbcd'],
    ['up', 'ab|c', '|abc'],
    ['down', 'ab|c\nd', 'abc\nd|'],
    ['down', 'a|bc\ndef', 'abc\nd|ef'],
    ['down', 'a|bc', 'abc|'],
  ])('moves %s from %j to %j', (motion, before, after) => {
    expect(shown(move(at(before), motion))).toBe(after);
  });

  it('inserts and erases at the cursor', () => {
    expect(shown(insert(at('a|c'), 'b'))).toBe('ab|c');
    expect(shown(erase(at('ab|c'), 'left'))).toBe('a|c');
    expect(shown(erase(at('a|bc'), 'right'))).toBe('a|c');
    expect(shown(erase(at('root.abc|'), 'wordLeft'))).toBe('root.|');
    expect(shown(eraseToLineEnd(at('a|bc\nd')))).toBe('a|\nd');
    expect(shown(eraseToLineEnd(at('a|\nd')))).toBe('a|d');
  });
});
