import { expect, it } from 'vitest';
import { requestHead } from './request-head.ts';

const endpoint = { protocol: 'https:', hostname: 'h', host: 'h', path: '/kinesis/' };

it('writes the head of a request', () => {
  expect(requestHead(endpoint, { host: 'h', 'content-length': '0' })).toBe(
    'POST /kinesis/ HTTP/1.1\r\nhost: h\r\ncontent-length: 0\r\n\r\n',
  );
});

it.each(['a\r\nx: y', 'a\nb', 'a\0', '→'])('refuses %j in a header, and does not repeat it', (value) => {
  expect(() => requestHead(endpoint, { 'user-agent': value })).toThrow(
    /^expected only characters of Latin-1 in the header user-agent: check/,
  );
});
