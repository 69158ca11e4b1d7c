import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands before an endpoint and notes when its clients sent bytes, by `performance.now()`. */
export async function startTap(target: string) {
  const { hostname, port } = new URL(target);
  const sentAt: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      sentAt.push(performance.now());
      upstream.write(chunk);
    });
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    /** How often bytes were sent between two times. */
    sentBetween: (fromMs: number, untilMs: number) => sentAt.filter((at) => at > fromMs && at < untilMs).length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
