import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import { readRequest } from './read-request.ts';

const schema = z.strictObject({ input: z.unknown(), dryRun: z.boolean() });

/**
 * `POST /api/actions/:name` with `{ input, dryRun }`: does an action, or only plans it. Answers `{ plan, isDone, lines }`. It is in the audit
 * log before it is done, under the name of the user.
 */
export function serveActions(server: FastifyInstance, { act }: ApiContext): void {
  server.post<{ Params: { name: string } }>('/api/actions/:name', async ({ params: { name }, body, boardUser }) => {
    const { input, dryRun } = readRequest(schema, body);
    return act(boardUser, name, input, { dryRun });
  });
}
