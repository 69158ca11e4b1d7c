import type { BoardSettings } from '@sluice/config';
import { RELEASE } from '@sluice/core';
import type { FastifyInstance } from 'fastify';
import type { CsrfTokens } from '../security/cross-site.ts';

/** `GET /api/session`: who asks, what this board lets them do, and the token that everything needs that changes something. */
export function serveSession(server: FastifyInstance, { readOnly, payloads }: BoardSettings, csrf: CsrfTokens): void {
  server.get('/api/session', async ({ boardUser }) => ({
    ...{ user: boardUser, readOnly, payloads, release: RELEASE },
    csrfToken: csrf.tokenOf(boardUser),
  }));
}
