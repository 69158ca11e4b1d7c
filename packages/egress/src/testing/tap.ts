import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A signed request on its way; milliseconds since 1970. */
export interface TappedRequest {
  readonly sentAtMs: number;
  /** When its client signed it, to the second. */
  readonly signedAtMs: number;
}

/** Stands before an endpoint and notes the requests of its clients. */
export async function startTap(target: string) {
  const { hostname, port } = new URL(target);
  const requests: TappedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      const [, date, time] = /^x-amz-date: (\d{8})T(\d{6})Z\r$/im.exec(chunk.toString('latin1')) ?? [];
      if (date && time)
        requests.push({ sentAtMs: Date.now(), signedAtMs: Date.parse(`${withSeparator(date, '-')}T${withSeparator(time, ':')}Z`) });
      upstream.write(chunk);
    });
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    /** In the order in which they were sent. */
    requests: requests as readonly TappedRequest[],
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** `2026-11-30` for `20261130`, `03:24:33` for `032433`. */
const withSeparator = (digits: string, separator: string): string => digits.replace(/(..)(..)$/, `${separator}$1${separator}$2`);
