import type { ProgramCodec } from '@sluice/processors';
import { describe, expect, it } from 'vitest';
import { AnswerReader, contentOf, requestsOf } from './framing.ts';

const CODECS: readonly ProgramCodec[] = ['lines', 'length_prefixed_uint32_be', 'netstring'];

describe('messages to programs', () => {
  it.each([
    ['lines', 'ab', ['ab\n']],
    ['lines', 'a\nb', ['a\n', 'b\n']],
    ['lines', 'a\n', ['a\n']],
    ['lines', '', ['\n']],
    ['lines', '\n', ['\n']],
    ['netstring', 'a\nb', ['3:a\nb,']],
    ['length_prefixed_uint32_be', 'ab', ['\0\0\0\x02ab']],
  ] as const)('%s of %j are %j, and answers that echo them make the same content', (codec, message, requests) => {
    const bytes = Buffer.from(message);
    const made = requestsOf(codec, bytes);
    expect(made.map(String)).toEqual(requests);
    const reader = new AnswerReader(codec, 100);
    const answers = made.flatMap((request) => reader.push(Buffer.from(request)));
    expect(String(contentOf(codec, bytes, answers))).toBe(message);
  });

  it.each(CODECS)('%s are read from pieces of any size', (codec) => {
    const stream = Buffer.concat(['one', '', 'three'].flatMap((text) => requestsOf(codec, Buffer.from(text))));
    for (const size of [1, 2, 5, 100]) {
      const reader = new AnswerReader(codec, 5);
      const answers: string[] = [];
      for (let start = 0; start < stream.length; start += size)
        answers.push(...reader.push(stream.subarray(start, start + size)).map(String));
      expect(answers).toEqual(['one', '', 'three']);
      expect(reader.end()).toBeUndefined();
    }
  });

  it.each([
    ['lines', 'abcdef\n'],
    ['lines', 'x'.repeat(50)],
    ['netstring', '6:'],
    ['length_prefixed_uint32_be', '\0\0\0\x06'],
  ] as const)('%s longer than they may be are refused: %j', (codec, bytes) => {
    expect(() => new AnswerReader(codec, 5).push(Buffer.from(bytes))).toThrow(/^expected an answer of at most 5 bytes/);
  });

  it.each(['x', ':', '3:abcd', `${'1'.repeat(25)}`])('%j is no netstring', (bytes) => {
    expect(() => new AnswerReader('netstring', 100).push(Buffer.from(bytes))).toThrow(/^encountered invalid netstring/);
  });

  it('a line may lack its end, and loses a carriage return', () => {
    const reader = new AnswerReader('lines', 100);
    expect(reader.push(Buffer.from('a\r\nb\r')).map(String)).toEqual(['a']);
    expect(String(reader.end())).toBe('b');
  });
});
