import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { serveStatusPage } from './status-page.ts';

it('has browsers ask for the page each time, and keep its assets', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-page-'));
  await mkdir(join(folder, 'assets'));
  await Promise.all([writeFile(join(folder, 'index.html'), '<p>page</p>'), writeFile(join(folder, 'assets/main-1a.js'), '1;')]);
  const server = fastify();
  server.addHook('onRequest', async (_, reply) => void reply.header('cache-control', 'no-store'));
  await serveStatusPage(server, folder);

  const ask = async (path: string) => {
    const { statusCode, headers, body } = await server.inject(path);
    return [statusCode, headers['content-type'], headers['cache-control'], body];
  };
  expect(await ask('/')).toEqual([200, 'text/html; charset=utf-8', 'no-cache', '<p>page</p>']);
  expect(await ask('/assets/main-1a.js')).toEqual([
    200,
    'application/javascript; charset=utf-8',
    'private, max-age=31536000, immutable',
    '1;',
  ]);
  expect((await ask('/../package.json'))[0]).toBe(404);
  expect((await ask('/%2e%2e/%2e%2e/package.json'))[0]).toBe(404);
});

it('says so where the page was not built', async () => {
  const server = fastify();
  await serveStatusPage(server, join(tmpdir(), 'nowhere'));
  expect((await server.inject('/')).body).toContain('The status page is not built: run `node apps/board/web/build.ts`');
});
