import { FunctionsDesk } from '@sluice/operator';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ApiContext } from './api-context.ts';
import { pageFields, readRequest } from './read-request.ts';

const schema = z.object({ type: z.string().optional(), ...pageFields });

/** `GET /api/functions`: the addresses for which messages wait outside their lanes, those that are parked longest first. */
export function serveFunctions(server: FastifyInstance, { connected, keyPrefix }: ApiContext): void {
  server.get('/api/functions', async ({ query }) => {
    const { type, offset, count } = readRequest(schema, query);
    const addresses = await new FunctionsDesk(connected(), keyPrefix).list(type);
    return { total: addresses.length, addresses: addresses.slice(offset, offset + count) };
  });
}
