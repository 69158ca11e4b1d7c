import { noteWatched, readReport } from '@sluice/status';
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from './api-context.ts';
import { notFound } from './read-request.ts';

/** `GET /api/workers/:id`: what a worker says of itself, with its actors as soon as it knows that somebody looks. */
export function serveWorkers(server: FastifyInstance, { connected, keyPrefix }: ApiContext): void {
  server.get<{ Params: { id: string } }>('/api/workers/:id', async ({ params: { id } }) => {
    const session = connected();
    // A user of Redis that may only read gets reports without actors.
    const [report] = await Promise.all([
      readReport(session, { keyPrefix, worker: id }),
      noteWatched(session, { keyPrefix }).catch(() => undefined),
    ]);
    if (!report) throw notFound(`expected a worker that runs, found ${id}`);
    return report;
  });
}
