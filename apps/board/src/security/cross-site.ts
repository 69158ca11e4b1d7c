/** Protection against requests that another page makes a user's browser send. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isSameText } from './credentials.ts';
import { BoardRefusalError } from './errors.ts';

/** Ours, and the one that axios (of Bull Board) copies from the cookie `XSRF-TOKEN`. */
const TOKEN_HEADERS = ['x-csrf-token', 'x-xsrf-token'];

/** Tokens that only a page of this board can know, for each user another one. They are valid until the board ends. */
export class CsrfTokens {
  readonly #key = randomBytes(32);

  tokenOf(user: string | null): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(user)).digest('base64url');
  }

  /** @throws {BoardRefusalError} no token, or another user's, or that of a board that has ended */
  check(user: string | null, headers: IncomingHttpHeaders): void {
    const token = TOKEN_HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
    if (typeof token === 'string' && isSameText(token, this.tokenOf(user))) return;
    throw new BoardRefusalError(
      403,
      'CSRF_TOKEN_INVALID',
      `expected the token that GET /api/session answers in a header X-CSRF-Token, found ${token === undefined ? 'none' : 'another one'}`,
    );
  }
}

/**
 * Refuses what a page of another site sends. A browser always says where a request that changes something comes from; programs without
 * a browser do not, and are left to the token.
 * @param allowedHosts names under which browsers reach the board, besides the one that the request is for
 * @throws {BoardRefusalError}
 */
export function checkOrigin(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw foreign(`Sec-Fetch-Site ${String(site)}`);
  if (origin === undefined) return;
  const url = URL.parse(origin);
  if (url && (url.host === host?.toLowerCase() || allowedHosts.includes(url.hostname))) return;
  throw foreign(`Origin ${origin}`);
}

const foreign = (found: string) =>
  new BoardRefusalError(
    403,
    'ORIGIN_FOREIGN',
    `expected a request from a page of this board, found ${found}; see sluice.board.allowed_hosts`,
  );
