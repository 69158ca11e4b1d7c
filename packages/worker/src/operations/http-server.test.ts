import { expect, it } from 'vitest';
import { createHttpServer } from './http-server.ts';

it.each([
  ['127.0.0.1', [], 'board.example.com', 421],
  ['127.0.0.1', ['board.example.com'], 'board.example.com', 200],
  ['127.0.0.1', ['board.example.com'], 'Board.Example.com:3000', 200],
  ['0.0.0.0', [], 'board.example.com', 200],
  ['0.0.0.0', ['board.example.com'], 'board.example.com', 200],
  ['0.0.0.0', ['board.example.com'], 'evil.example', 421],
  // What a probe of Kubernetes asks.
  ['0.0.0.0', ['board.example.com'], '10.0.0.7:3000', 200],
])('on %s with the names %j, answers a request for %s with %i', async (host, allowedHosts, asked, status) => {
  const server = createHttpServer(host, allowedHosts);
  server.get('/ping', async () => 'pong');
  const answer = await server.inject({ path: '/ping', headers: { host: asked } });
  expect(answer.statusCode).toBe(status);
  if (status === 421)
    expect(answer.json()).toEqual({ code: 'HOST_UNKNOWN', error: expect.stringContaining(`found ${asked.split(':')[0]}`) });
});
