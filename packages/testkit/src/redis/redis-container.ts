import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisServer, RedisServerOptions } from './redis-server.ts';

const IMAGE = 'redis:7-bookworm';
const INSIDE = 6379;

/** Whether a Docker engine is likely to answer: its socket is there, or the environment names one. */
export const isDockerThere = (): Promise<boolean> =>
  process.env['DOCKER_HOST']
    ? Promise.resolve(true)
    : access('/var/run/docker.sock').then(
        () => true,
        () => false,
      );

/** A Redis in a container, with its files in a folder of the host. testcontainers is loaded only here: it is large. */
export async function startRedisContainer(options: RedisServerOptions): Promise<RedisServer> {
  const { GenericContainer } = await import('testcontainers');
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sluice-redis-')));
  const { appendOnly = true, extraArguments = [] } = options;
  const container = await new GenericContainer(IMAGE)
    .withCommand([
      'redis-server',
      '--save',
      '',
      '--appendonly',
      appendOnly ? 'yes' : 'no',
      '--maxmemory-policy',
      'noeviction',
      ...extraArguments,
    ])
    .withBindMounts([{ source: directory, target: '/data' }])
    .withExposedPorts(options.port === undefined ? INSIDE : { container: INSIDE, host: options.port })
    .start();
  const port = container.getMappedPort(INSIDE);
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') => {
    await container.stop({ remove: true, timeout: signal === 'SIGTERM' ? 10_000 : 0 });
  };
  return {
    url: `redis://${container.getHost()}:${port}`,
    port,
    directory,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGKILL');
      if (!options.directory) await rm(directory, { recursive: true, force: true });
    },
  };
}
