import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { FastifyAdapter } from '@bull-board/fastify';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Act } from '../actions.ts';
import type { CsrfTokens } from '../security/cross-site.ts';
import type { AnswerError } from '../server/answer-error.ts';
import { OWN_STYLE_FILE, ownPage } from './own-page.ts';
import { OWN_STYLE } from './own-style.ts';
import { queueActions } from './queue-actions.ts';

const QUEUES_PATH = '/queues';
/** Bull Board's page, which is read as it is. */
const PAGE = dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'));

/** What {@link BoardQueues} adds its queues to. */
export type BullBoard = ReturnType<typeof createBullBoard>;

export interface ServeQueuesOptions {
  readonly csrf: CsrfTokens;
  readonly answerError: AnswerError;
  readonly act: Act;
  /** Throws as long as Redis is not there. */
  readonly connected: () => unknown;
}

/** Serves Bull Board below `/queues`. Lanes are read-only there, because emptying or retrying by hand would break their order. */
export async function serveQueues(server: FastifyInstance, { csrf, answerError, act, connected }: ServeQueuesOptions): Promise<BullBoard> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(QUEUES_PATH);
  const board = createBullBoard({
    queues: [],
    serverAdapter,
    options: {
      uiBasePath: PAGE,
      uiConfig: {
        boardTitle: 'Sluice queues',
        ...{ hideDocsLink: true, hideRedisDetails: true, sortQueues: true, overview: { groupByDelimiter: true } },
        miscLinks: [{ text: 'Status page', url: '/' }],
      },
    },
  });
  serverAdapter.setErrorHandler((error) => answerError(error) as ReturnType<Parameters<FastifyAdapter['setErrorHandler']>[0]>);
  const routes: FastifyPluginAsync = async (scope) => {
    scope.addHook('preHandler', async ({ url }) => {
      if (url.startsWith(`${QUEUES_PATH}/api/`)) connected();
    });
    scope.addHook('preHandler', queueActions(act, QUEUES_PATH));
    scope.addHook('onSend', async (request, reply, payload) => {
      // Bull Board's page copies this cookie into the header X-XSRF-TOKEN of each request.
      if (request.method === 'GET')
        reply.header('set-cookie', `XSRF-TOKEN=${csrf.tokenOf(request.boardUser)}; Path=${QUEUES_PATH}; SameSite=Strict`);
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      return isPage && typeof payload === 'string' ? ownPage(payload) : payload;
    });
    scope.get(`/${OWN_STYLE_FILE}`, async (_, reply) => reply.type('text/css').send(OWN_STYLE));
    await scope.register(serverAdapter.registerPlugin());
  };
  await server.register(routes, { prefix: QUEUES_PATH });
  return board;
}
