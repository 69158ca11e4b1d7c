import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import { type Clock, type Logger, SluiceError } from '@sluice/core';
import type { RedisSession } from '@sluice/redis';
import { fastify } from 'fastify';
import { BoardQueues } from './board-queues.ts';

export interface BoardOptions {
  readonly session: RedisSession;
  readonly keyPrefix: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** Thrown when the board's port cannot be had. */
export class BoardPortError extends SluiceError {
  readonly code = 'BOARD_PORT';
  readonly disposition = 'fatal';

  constructor(host: string, port: number, cause: unknown) {
    const { code, message } = cause as { code?: string; message: string };
    const reason = code === 'EADDRINUSE' ? 'the port is in use' : message;
    super(`cannot serve the board on ${host}:${port}: ${reason}; choose another with --port, or 0 for any free one`, {
      cause,
      details: { host, port },
    });
  }
}

/**
 * Serves Bull Board. Lanes come and go by themselves; they are read-only, because emptying or retrying by hand would break their order.
 * @throws {BoardPortError} the port is in use or not allowed
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
    options: { uiConfig: { boardTitle: 'Sluice', hideRedisDetails: false } },
  });
  const queues = new BoardQueues({ board, session, keyPrefix, logger, clock });
  await queues.refresh();
  const server = fastify({ forceCloseConnections: true });
  await server.register(serverAdapter.registerPlugin());
  const url = await server.listen({ host, port }).catch((cause: unknown) => {
    throw new BoardPortError(host, port, cause);
  });
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
