import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

describe('LineSplitter', () => {
  it('puts lines together that come in pieces, without their line breaks', () => {
    expect(linesOf(['one\ntw', 'o', '\r\n\nthr', 'ee'])).toEqual(['one', 'two', '', 'three']);
  });

  it('gives the last line whether a line break follows or not', () => {
    expect(linesOf(['a\nb\n'])).toEqual(['a', 'b']);
  });

  it('keeps only the length of a line that is too long, and goes on with the next', () => {
    expect(linesOf(['0123456', '789\nshort\n', '01234567890'], 8)).toEqual([{ byteSize: 10 }, 'short', { byteSize: 11 }]);
  });
});

function linesOf(chunks: string[], maxLineBytes = 100): unknown[] {
  const splitter = new LineSplitter(maxLineBytes);
  const lines = [...chunks.flatMap((chunk) => [...splitter.push(Buffer.from(chunk))]), ...splitter.end()];
  return lines.map((line) => (line instanceof Uint8Array ? Buffer.from(line).toString() : line));
}
