import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, NodeProcess, startRedisServer, until } from '@sluice/testkit';
import { expect, it } from 'vitest';

it('starts anew with a changed configuration on SIGHUP, and goes on with the old one where that has errors', async () => {
  await using stack = new AsyncDisposableStack();
  const redis = stack.use(await startRedisServer());
  const folder = await mkdtemp(join(tmpdir(), 'board-reload-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, 'sluice.yaml');
  const port = await freePort();
  const configure = (board: string) => writeFile(file, `sluice: { redis: { url: "${redis.url}" }, board: ${board} }\n`);
  await configure('{ read_only: false }');
  const script = join(import.meta.dirname, 'main.ts');
  const board = stack.use(new NodeProcess({ name: 'board', script, args: ['--config', file, '--port', String(port)] }));
  const session = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/session`).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as { readOnly: boolean }) : undefined;
  };
  await until('the board to answer', async () => (await session())?.readOnly === false);

  await configure('{ read_only: true }');
  board.signal('SIGHUP');
  await until('the board to be read-only', async () => (await session())?.readOnly === true);
  await configure('{ read_onyl: false }');
  board.signal('SIGHUP');
  await board.logged('new configuration was refused');
  expect((await session())?.readOnly).toBe(true);
  expect(await board.stop()).toBe(0);
});
