import { expect, it } from 'vitest';
import { parseReplyHead } from './reply-head.ts';

const head = (...lines: readonly string[]) => parseReplyHead(['HTTP/1.1 200 OK', ...lines].join('\r\n'));

it('reads a plain reply', () => {
  expect(head('Content-Type: application/x-amz-cbor-1.1', 'content-length:  12 ', 'X-Empty:', 'keep-alive: timeout=60, max=5')).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/x-amz-cbor-1.1', 'content-length': '12', 'x-empty': '', 'keep-alive': 'timeout=60, max=5' },
    byteLength: 12,
    isPersistent: true,
    idleMs: 60_000,
  });
  expect(parseReplyHead('HTTP/1.1 503\r\ncontent-length: 0')).toMatchObject({ statusCode: 503, byteLength: 0, idleMs: undefined });
});

it('says that a connection ends with its reply', () => {
  expect(head('content-length: 0', 'Connection: Close')).toMatchObject({ isPersistent: false });
  expect(head('content-length: 0', 'Connection: keep-alive')).toMatchObject({ isPersistent: true });
});

it.each([
  ['chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked'],
  ['chunks and a length', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nTransfer-Encoding: chunked'],
  ['no length', 'HTTP/1.1 200 OK\r\ncontent-type: text/html'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6'],
  ['two lengths in one', 'HTTP/1.1 200 OK\r\ncontent-length: 5, 5'],
  ['a signed length', 'HTTP/1.1 200 OK\r\ncontent-length: +5'],
  ['a length in hexadecimal', 'HTTP/1.1 200 OK\r\ncontent-length: 0x5'],
  ['a length beyond all numbers', `HTTP/1.1 200 OK\r\ncontent-length: ${'9'.repeat(16)}`],
  ['an interim status', 'HTTP/1.1 100 Continue\r\ncontent-length: 0'],
  ['a status without a body', 'HTTP/1.1 204 No Content\r\ncontent-length: 5'],
  ['a status that means what is in a cache', 'HTTP/1.1 304 Not Modified\r\ncontent-length: 5'],
  ['an old version', 'HTTP/1.0 200 OK\r\ncontent-length: 5'],
  ['another protocol', 'ICY 200 OK\r\ncontent-length: 5'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\ncontent-length: 5'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nx: a\r\n content-length: 5\r\ncontent-length: 6'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 5'],
  ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\ncontent-length: 5'],
  ['a line without a colon', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\nnothing'],
  ['a bare line feed', 'HTTP/1.1 200 OK\r\nx: a\ntransfer-encoding: chunked\r\ncontent-length: 5'],
])('leaves a reply with %s to a whole parser', (_, text) => {
  expect(parseReplyHead(text)).toBeUndefined();
});
