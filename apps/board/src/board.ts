import type { BoardSettings } from '@sluice/config';
import type { Clock, Logger } from '@sluice/core';
import { RedisNotReadyError, type RedisSession } from '@sluice/redis';
import { createHttpServer, listen } from '@sluice/worker/http-server';
import type { FastifyPluginAsync } from 'fastify';
import { actionsOn } from './actions.ts';
import { serveApi } from './api/serve-api.ts';
import { BoardQueues } from './queues/board-queues.ts';
import { type BullBoard, serveQueues } from './queues/serve-queues.ts';
import { CsrfTokens } from './security/cross-site.ts';
import { expectLogin, protect, sendSecurityHeaders } from './security/secure-server.ts';
import { answerNotFound, errorAnswers } from './server/answer-error.ts';
import { serveHealth } from './server/health.ts';
import { serveStatusPage } from './server/status-page.ts';

export interface BoardOptions {
  readonly settings: BoardSettings;
  readonly keyPrefix: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

export interface Board extends AsyncDisposable {
  readonly url: string;
  /** Shows what this Redis holds. Until then the board answers that Redis is not there. */
  connect(session: RedisSession): Promise<AsyncDisposable>;
}

/**
 * Serves the board. It listens before Redis is there, so that its health can be asked.
 * @throws {BoardLoginMissingError} others than this machine would reach a board without a login
 * @throws {BoardPasswordFileError}
 * @throws {PortError} the port is in use or not allowed
 */
export async function startBoard({ settings, keyPrefix, host, port, logger, clock }: BoardOptions): Promise<Board> {
  expectLogin(host, settings);
  let session: RedisSession | undefined;
  const connected = (): RedisSession => {
    if (session?.isReady) return session;
    throw new RedisNotReadyError(session?.location ?? 'the configured address');
  };
  const act = actionsOn(connected, keyPrefix);
  const csrf = new CsrfTokens();
  const server = createHttpServer(host, settings.allowedHosts);
  const answerError = errorAnswers(logger);
  server.setErrorHandler((error: Error, _request, reply) => {
    const { status, body } = answerError(error);
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler(answerNotFound);
  await sendSecurityHeaders(server);
  serveHealth(server, { isRedisReady: () => session?.isReady ?? false, logger, clock });
  let bullBoard: BullBoard | undefined;
  const closed: FastifyPluginAsync = async (scope) => {
    await protect(scope, { settings, csrf, clock, logger });
    serveApi(scope, { settings, keyPrefix, csrf, clock, connected, act });
    bullBoard = await serveQueues(scope, { csrf, connected, answerError, act });
    await serveStatusPage(scope);
  };
  await server.register(closed);
  const url = await listen(server, host, port, '--port');
  logger.info('board listening', { url });
  return {
    url,
    connect: async (opened) => {
      const queues = new BoardQueues({ board: bullBoard!, session: opened, keyPrefix, isReadOnly: settings.readOnly, logger, clock });
      await queues.refresh();
      session = opened;
      queues.start();
      logger.info('board ready', { url });
      return { [Symbol.asyncDispose]: () => queues.stop() };
    },
    [Symbol.asyncDispose]: async () => server.close(),
  };
}
