import { RELEASE } from '@sluice/core';
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from './api-context.ts';

/** `GET /api/session`: who asks, what this board lets them do, and the token that everything needs that changes something. */
export function serveSession(server: FastifyInstance, { settings: { readOnly, payloads }, csrf }: ApiContext): void {
  server.get('/api/session', async ({ boardUser }) => ({
    ...{ user: boardUser, readOnly, payloads, release: RELEASE },
    csrfToken: csrf.tokenOf(boardUser),
  }));
}
