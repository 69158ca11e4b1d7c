import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of 127.0.0.1 at which nothing listens: `wanted` where it is free, else any. */
export async function freePort(wanted = 0): Promise<number> {
  const server = createServer();
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  } catch (error) {
    if (wanted === 0 || (error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return freePort();
  } finally {
    server.close();
  }
}
