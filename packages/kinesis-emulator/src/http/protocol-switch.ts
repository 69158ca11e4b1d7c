/** HTTP/1.1 and HTTP/2 at one port: a connection says by its TLS handshake, or by its first bytes, which of them it speaks. */
import { createServer as createHttp1Server, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createHttps1Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServerCertificate } from './certificate.ts';

export type AnyRequest = IncomingMessage | Http2ServerRequest;
export type AnyResponse = ServerResponse | Http2ServerResponse;

/** How an HTTP/2 connection begins; no method of HTTP/1.1 does. */
const PREFACE = Buffer.from('PRI * HTTP/2.0');
/** Each subscription is a stream of its connection. */
const MAX_STREAMS = 1_000;

export interface SwitchOptions {
  readonly settings: ServerOptions;
  /** How long a connection may take to be secured, and to say what it speaks, in milliseconds. */
  readonly headTimeoutMs: number;
  readonly certificate: ServerCertificate | undefined;
}

/** A server of both; what it is told of connections and listening holds for both. */
export function createSwitchedServer(
  { settings, headTimeoutMs, certificate }: SwitchOptions,
  onRequest: (request: AnyRequest, response: AnyResponse) => void,
): Server {
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: MAX_STREAMS } }, onRequest);
  http2.on('sessionError', () => undefined); // a client that goes away; there is nobody to tell
  if (certificate) {
    const server = createHttps1Server(
      { ...settings, handshakeTimeout: headTimeoutMs, ALPNProtocols: ['h2', 'http/1.1'], ...certificate },
      onRequest,
    );
    divert(server, 'secureConnection', (socket: TLSSocket, http1) =>
      socket.alpnProtocol === 'h2' ? http2.emit('connection', socket) : http1(socket),
    );
    return server;
  }
  const server = createHttp1Server(settings, onRequest);
  divert(server, 'connection', (socket: Socket, http1) => {
    const onTimeout = () => socket.destroy();
    socket.setTimeout(headTimeoutMs, onTimeout);
    untilKnown(socket, (isHttp2) => {
      socket.setTimeout(0);
      socket.off('timeout', onTimeout);
      if (isHttp2) http2.emit('connection', socket);
      else http1(socket);
    });
  });
  return server;
}

/** Puts `choose` before the server's own listener. */
function divert<Connection extends Socket>(
  server: Server,
  event: string,
  choose: (socket: Connection, http1: (socket: Connection) => void) => void,
): void {
  const [own] = server.listeners(event) as ((socket: Connection) => void)[];
  server.removeAllListeners(event);
  server.on(event, (socket: Connection) => choose(socket, own!.bind(server)));
}

/** Looks at the first bytes, which stay there to be read. */
function untilKnown(socket: Socket, tell: (isHttp2: boolean) => void): void {
  const onError = () => undefined; // the client went away before it said anything
  socket.on('error', onError);
  let seen = Buffer.alloc(0);
  const look = () => {
    const bytes: Buffer | null = socket.read();
    if (bytes !== null) seen = Buffer.concat([seen, bytes]);
    const mayBe = seen.subarray(0, PREFACE.length).equals(PREFACE.subarray(0, seen.length));
    if (mayBe && seen.length < PREFACE.length) return;
    socket.off('readable', look);
    socket.off('error', onError);
    socket.unshift(seen);
    tell(mayBe);
  };
  socket.on('readable', look);
}
