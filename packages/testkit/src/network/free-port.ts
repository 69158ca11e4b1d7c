import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to whoever asks for any: those go to connections and servers of others at any moment, also between the
 * look at a port and its use.
 */
const FIRST = 20_000;
const COUNT = 10_000;
/** Of this process; each is given once. */
const given = new Set<number>();

/** A port of 127.0.0.1 at which nothing listens: `wanted` where it is free, else any. */
export async function freePort(wanted = 0): Promise<number> {
  if (wanted !== 0 && (await isFree(wanted))) return wanted;
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    return false;
  } finally {
    server.close();
  }
}
