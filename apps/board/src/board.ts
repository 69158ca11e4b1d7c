import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Clock, Logger } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import { createHttpServer, listen, type Readiness } from '@sluice/worker';
import { BoardQueues } from './board-queues.ts';
import { listParkedRows } from './parked-addresses.ts';
import { renderParkedPage } from './parked-page.ts';

export interface BoardOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * Serves Bull Board, the addresses of functions that are parked, and `/ping` and `/ready` as workers do. Lanes come and go by themselves; they are read-only, because emptying or retrying by hand would break their order.
 * @throws {PortError} the port is in use or not allowed
 */
export async function startBoard({
  session,
  keyPrefix,
  host,
  port,
  logger,
  clock,
}: BoardOptions): Promise<{ url: string } & AsyncDisposable> {
  const serverAdapter = new FastifyAdapter();
  const board = createBullBoard({
    queues: [],
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Sluice', hideRedisDetails: false, miscLinks: [{ text: 'Parked addresses', url: 'parked' }] } },
  });
  const queues = new BoardQueues({ board, session, keyPrefix, logger, clock });
  await queues.refresh();
  const server = createHttpServer(host);
  server.get('/parked', async (_, reply) => {
    const rows = await listParkedRows(session, keyPrefix);
    return reply.type('text/html; charset=utf-8').send(renderParkedPage(rows, clock.now()));
  });
  server.get('/ping', async () => 'pong');
  server.get('/ready', async (_, reply) => reply.code(session.isReady ? 200 : 503).send(readinessOf(session)));
  await server.register(serverAdapter.registerPlugin());
  const url = await listen(server, host, port, '--port');
  queues.start();
  logger.info('board listening', { url });
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      await queues.stop();
      await server.close();
    },
  };
}

/** As a worker answers it. */
const readinessOf = ({ isReady }: RedisSession): Readiness => ({
  ...{ ready: isReady, state: 'running', redis: isReady, children: {} },
  reasons: isReady ? [] : ['Redis is not connected'],
});
