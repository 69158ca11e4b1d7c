import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ClientPool } from './client-pool.ts';

describe('ClientPool', () => {
  it('opens no more connections than it may; what has none waits for its turn', async () => {
    await using rig = await poolOf({ maxConnections: 2 });
    const answers = Promise.all(Array.from({ length: 7 }, () => rig.post()));
    expect(await answers).toEqual(Array(7).fill('ok'));
    expect(rig.connections()).toBe(2);
  });

  it('uses the connection again that was used last, unless it is too old', async () => {
    await using rig = await poolOf({ maxConnections: 8, ttlMs: 1_000 });
    await Promise.all([rig.post(), rig.post()]);
    for (let n = 0; n < 5; n++) await rig.post();
    expect(rig.connections()).toBe(2);
    rig.time.ms = 1_001;
    await rig.post();
    expect(rig.connections()).toBe(3);
  });

  it('goes on after a request that failed', async () => {
    await using rig = await poolOf({ maxConnections: 1 });
    rig.resets.count = 1;
    await expect(rig.post()).rejects.toThrow();
    expect(await rig.post()).toBe('ok');
  });
});

async function poolOf({ maxConnections, ttlMs }: { readonly maxConnections: number; readonly ttlMs?: number }) {
  const time = { ms: 0 };
  const resets = { count: 0 };
  let connections = 0;
  const server = createServer((request, response) => {
    if (resets.count-- > 0) request.socket.destroy();
    else request.resume().on('end', () => response.end('ok'));
  });
  server.on('connection', () => connections++).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const pool = new ClientPool({ origin, client: { pipelining: 1 }, maxConnections, ttlMs, now: () => time.ms });
  return {
    time,
    resets,
    connections: () => connections,
    post: () =>
      new Promise<string>((resolve, reject) => {
        const chunks: Buffer[] = [];
        pool.dispatch(
          { path: '/', method: 'POST', body: 'x' },
          {
            onRequestStart: () => undefined,
            onResponseStart: () => undefined,
            onResponseData: (_, chunk) => void chunks.push(chunk),
            onResponseEnd: () => resolve(Buffer.concat(chunks).toString()),
            onResponseError: (_, error) => reject(error),
          },
        );
      }),
    async [Symbol.asyncDispose]() {
      await pool.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
