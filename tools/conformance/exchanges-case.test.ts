import { encodeInvocation, encodeRequest, encodeTypedValue } from '@sluice/function-protocol';
import { describe, expect, it } from 'vitest';
import { difference, differenceOfAll, type HttpRequest, hasResult } from './exchanges-case.ts';

const HEADERS = ['content-type', 'application/octet-stream', 'user-agent', 'statefun', 'host', '127.0.0.1:1'];

describe('two requests', () => {
  it('are the same whatever the port, the order of headers and the order of states', () => {
    const actual = { ...request(['m'], ['b', 'a']), rawHeaders: ['host', '127.0.0.1:2', ...HEADERS.slice(0, 4)] };
    expect(difference(request(['m'], ['a', 'b']), actual)).toBeUndefined();
  });

  it('differ by letters of a header, by a state and by a message', () => {
    expect(difference(request(['m']), { ...request(['m']), rawHeaders: ['Content-Type', ...HEADERS.slice(1)] })).toMatch(
      /^headers: expected/,
    );
    expect(difference(request(['m'], ['a']), request(['m']))).toMatch(/^states: /);
    expect(difference(request(['m']), request(['n']))).toMatch(/^messages: /);
    expect(difference(request(['m']), undefined)).toBe('was not sent');
  });

  it('of the older client are the same in any letters', () => {
    const okhttp = (name: string, value: string) => ({ ...request([]), rawHeaders: ['User-Agent', 'okhttp/3.14.6', name, value] });
    expect(difference(okhttp('Connection', 'Keep-Alive'), okhttp('connection', 'keep-alive'))).toBeUndefined();
  });
});

it('all requests of an address are the same however their messages are split', () => {
  expect(differenceOfAll([request(['a']), request(['b', 'c'])], [request(['a', 'b']), request(['c'])])).toBeUndefined();
  expect(differenceOfAll([request(['a']), request(['b'])], [request(['b', 'a'])])).toMatch(/^messages: /);
  expect(differenceOfAll([request(['a']), request(['b'])], [request(['b', 'a'])], false)).toBeUndefined();
  expect(differenceOfAll([request(['a', 'a'])], [request(['a'])], false)).toMatch(/^messages: /);
  expect(differenceOfAll([request(['a'])], [{ ...request(['a']), url: '/other' }])).toMatch(/^expected/);
});

it('an answer is a result where the original took it for one', () => {
  const exchange = (response: Parameters<typeof hasResult>[0]['response']) => ({
    scenario: '',
    about: '',
    n: 0,
    request: request([]),
    response,
  });
  const headers = { 'content-type': 'Application/Octet-Stream' };
  expect(hasResult(exchange({ status: 201, headers, bodyBase64: 'ogYA' }))).toBe(true);
  expect(hasResult(exchange({ status: 200, headers, bodyBase64: 'qgYA' }))).toBe(false);
  expect(hasResult(exchange({ status: 200, headers, bodyBase64: 'bm90' }))).toBe(false);
  expect(hasResult(exchange({ status: 204, headers }))).toBe(false);
  expect(hasResult(exchange({ status: 200, headers: {} }))).toBe(false);
  expect(hasResult(exchange('connection reset'))).toBe(false);
});

function request(messages: readonly string[], states: readonly string[] = []): HttpRequest {
  const body = encodeRequest({
    address: { namespace: 'ex', type: 'f', id: '1' },
    states: states.map((name) => ({ name, value: undefined })),
    invocations: messages.map((text) => encodeInvocation(undefined, encodeTypedValue({ typename: 't/t', value: Buffer.from(text) }))),
  });
  return { method: 'POST', url: '/fn/f', rawHeaders: HEADERS, bodyBase64: Buffer.from(body).toString('base64') };
}
