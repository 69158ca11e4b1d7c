import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the page is built to. */
const BUILT = join(import.meta.dirname, '../../web/dist');

const NOT_BUILT =
  'The status page is not built: run `node apps/board/web/build.ts` in the checkout, then start the board again. Bull Board is at /queues.\n';

/** Serves the status page at `/`. */
export async function serveStatusPage(server: FastifyInstance, folder = BUILT): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', async (_, reply) => reply.type('text/plain').send(NOT_BUILT));
    return;
  }
  const assets = join(folder, 'assets/');
  await server.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    // The names of assets change with their content.
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.startsWith(assets) ? 'private, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
