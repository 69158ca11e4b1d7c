import type { FastifyInstance } from 'fastify';
import { serveActions } from './actions.ts';
import type { ApiContext } from './api-context.ts';
import { serveAudit } from './audit.ts';
import { serveDeadLetters } from './dead-letters.ts';
import { serveFunctions } from './functions.ts';
import { serveLanes } from './lanes.ts';
import { serveOverview, shareOverview } from './overview.ts';
import { serveSession } from './session.ts';
import { serveWorkers } from './workers.ts';

/** The API of the status page, below `/api`: JSON, errors as `{ error, code }`. */
export function serveApi(server: FastifyInstance, context: ApiContext): void {
  const overview = shareOverview(context);
  serveSession(server, context);
  serveOverview(server, context, overview);
  serveLanes(server, context, overview);
  for (const serve of [serveWorkers, serveDeadLetters, serveFunctions, serveAudit, serveActions]) serve(server, context);
}
