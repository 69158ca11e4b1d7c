import { describe, expect, it } from 'vitest';
import { CsrfTokens, checkOrigin } from './cross-site.ts';

describe('CsrfTokens', () => {
  const tokens = new CsrfTokens();

  it.each(['x-csrf-token', 'x-xsrf-token'])('takes the token of the user in %s', (header) => {
    expect(() => tokens.check('ada', { [header]: tokens.tokenOf('ada') })).not.toThrow();
  });

  it.each([
    ['no token', {}],
    ["another user's", { 'x-csrf-token': tokens.tokenOf('eve') }],
    ['that of nobody', { 'x-csrf-token': tokens.tokenOf(null) }],
    ['that of another board', { 'x-csrf-token': new CsrfTokens().tokenOf('ada') }],
    ['an empty one', { 'x-csrf-token': '' }],
  ])('refuses %s', (_, headers) => {
    expect(() => tokens.check('ada', headers)).toThrow('expected the token that GET /api/session answers');
  });

  it('does not take a user who is called null for nobody', () => {
    expect(tokens.tokenOf('null')).not.toBe(tokens.tokenOf(null));
  });
});

describe('checkOrigin', () => {
  it.each([
    [{ host: '127.0.0.1:3000' }],
    [{ host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' }],
    [{ host: 'Board.example.com', origin: 'https://board.example.com', 'sec-fetch-site': 'same-origin' }],
    // A proxy that sends its own Host.
    [{ host: '10.0.0.1:3000', origin: 'https://board.example.com' }],
  ])('lets %j pass', (headers) => {
    expect(() => checkOrigin(headers, ['board.example.com'])).not.toThrow();
  });

  it.each([
    [{ host: '127.0.0.1:3000', origin: 'http://evil.example' }],
    [{ host: '127.0.0.1:3000', origin: 'http://127.0.0.1:8080' }],
    [{ host: '127.0.0.1:3000', origin: 'null' }],
    [{ origin: 'null' }],
    [{ host: '127.0.0.1:3000', origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
    [{ host: '127.0.0.1:3000', 'sec-fetch-site': 'cross-site' }],
    [{ host: 'a.example.com', origin: 'https://a.example.com', 'sec-fetch-site': 'same-site' }],
    [{ host: 'a.example.com', 'sec-fetch-site': 'none' }],
  ])('refuses %j', (headers) => {
    expect(() => checkOrigin(headers, [])).toThrow('expected a request from a page of this board, found');
  });
});
