import { readAudit } from '@sluice/operator';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import { pageFields, readRequest } from './read-request.ts';

const schema = z.object(pageFields);

/** All that Redis keeps. */
const MOST = 1_000;

/** `GET /api/audit`: who did what, newest first. */
export function serveAudit(server: FastifyInstance, { connected, keyPrefix }: ApiContext): void {
  server.get('/api/audit', async ({ query }) => {
    const { offset, count } = readRequest(schema, query);
    const entries = await readAudit({ session: connected(), keyPrefix }, MOST);
    return { total: entries.length, entries: entries.slice(offset, offset + count) };
  });
}
