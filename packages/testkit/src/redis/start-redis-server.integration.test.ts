import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RedisNotStartedError } from './errors.ts';
import { startRedisServer } from './start-redis-server.ts';

describe('startRedisServer', () => {
  it('keeps its data over a restart in the same directory', async () => {
    await using first = await startRedisServer();
    await command(first.port, 'SET greeting hello');
    await first.stop('SIGTERM');

    await using second = await startRedisServer({ directory: first.directory });
    await expect(command(second.port, 'GET greeting')).resolves.toContain('hello');
  });

  it('says so when the port is in use', async () => {
    await using first = await startRedisServer();
    await expect(startRedisServer({ port: first.port })).rejects.toThrow(RedisNotStartedError);
  });
});

function command(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${text}\r\n`));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}
