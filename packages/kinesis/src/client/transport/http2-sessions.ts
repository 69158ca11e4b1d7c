/**
 * HTTP/2 for subscriptions: many on one connection, each a stream that its reader takes from at its own pace. What comes of a stream that
 * nobody reads fills its window and then stays with the sender; the connection's window does not fill, as Node counts what came as consumed
 * there at once.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type IncomingHttpHeaders } from 'node:http2';
import type { ConnectionSettings } from './open-socket.ts';
import { connectionError, type Endpoint, type Headers, type StreamedReply, type StreamRequest, type StreamTransport } from './transport.ts';

const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS, HTTP2_HEADER_AUTHORITY, NGHTTP2_CANCEL } = constants;
/** Of one stream: a shard's 2 MiB a second at a distance of 100 ms. So much of it waits in memory at most. */
const STREAM_WINDOW_BYTES = 256 * 1024;
const CONNECTION_WINDOW_BYTES = 8 * 1024 * 1024;
/** Streams of one connection, where the server allows more. */
const MOST_STREAMS = 100;
const DEFAULT_CONNECT_TIMEOUT_MS = 3_000;

interface Session {
  readonly http2: ClientHttp2Session;
  streams: number;
  /** Takes no more streams. */
  isRetired: boolean;
}

export class Http2Sessions implements StreamTransport {
  readonly #settings: ConnectionSettings;
  readonly #sessions = new Map<string, Session[]>();

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
  }

  async open({ endpoint, request, beforeSending }: StreamRequest, abortSignal: AbortSignal): Promise<StreamedReply> {
    const session = this.#free(endpoint) ?? this.#connect(endpoint);
    session.streams++;
    try {
      await untilConnected(session.http2, abortSignal);
      beforeSending();
    } catch (error) {
      session.streams--;
      throw error;
    }
    const { host: _, ...headers } = request.headers;
    const stream = session.http2.request({
      ...headers,
      [HTTP2_HEADER_METHOD]: 'POST',
      [HTTP2_HEADER_PATH]: endpoint.path,
      [HTTP2_HEADER_AUTHORITY]: endpoint.host,
    });
    stream.once('close', () => session.streams--);
    const abort = () => stream.close(NGHTTP2_CANCEL);
    abortSignal.addEventListener('abort', abort, { once: true });
    try {
      stream.end(request.body);
      return await untilAnswered(stream);
    } catch (error) {
      // Whatever was the matter with it, the next one begins on another connection.
      session.isRetired = true;
      stream.destroy();
      throw error;
    } finally {
      abortSignal.removeEventListener('abort', abort);
    }
  }

  [Symbol.dispose](): void {
    for (const session of [...this.#sessions.values()].flat()) session.http2.destroy();
    this.#sessions.clear();
  }

  #free(endpoint: Endpoint): Session | undefined {
    return this.#sessions.get(originOf(endpoint))?.find(({ http2, streams, isRetired }) => {
      const most = Math.min(MOST_STREAMS, http2.remoteSettings?.maxConcurrentStreams ?? MOST_STREAMS);
      return !isRetired && !http2.closed && !http2.destroyed && streams < most;
    });
  }

  #connect(endpoint: Endpoint): Session {
    const origin = originOf(endpoint);
    const { connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS, rejectUnauthorized, localAddress } = this.#settings;
    const http2 = connect(origin, {
      settings: { initialWindowSize: STREAM_WINDOW_BYTES, enablePush: false },
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      ...(localAddress !== undefined && { localAddress }),
    });
    const session: Session = { http2, streams: 0, isRetired: false };
    const known = this.#sessions.get(origin) ?? [];
    this.#sessions.set(origin, [...known, session]);
    const timer = setTimeout(() => http2.destroy(timedOut(endpoint.host, connectTimeoutMs)), connectTimeoutMs);
    http2.once('connect', () => {
      clearTimeout(timer);
      http2.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    });
    http2.on('goaway', () => {
      session.isRetired = true;
    });
    // Its streams fail with it, and tell.
    http2.on('error', () => clearTimeout(timer));
    http2.once('close', () => {
      clearTimeout(timer);
      this.#sessions.set(
        origin,
        (this.#sessions.get(origin) ?? []).filter((each) => each !== session),
      );
    });
    return session;
  }
}

const originOf = ({ protocol, host }: Endpoint): string => `${protocol}//${host}`;

function untilConnected(http2: ClientHttp2Session, abortSignal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (http2.destroyed) return reject(connectionError('the connection was closed'));
    if (!http2.connecting) return resolve();
    const settle = (end: () => void) => () => {
      http2.off('connect', onConnect);
      http2.off('error', onError);
      http2.off('close', onClose);
      abortSignal.removeEventListener('abort', onAbort);
      end();
    };
    const onConnect = settle(resolve);
    const onError = (error: Error) => settle(() => reject(error))();
    const onClose = settle(() => reject(connectionError('the connection was closed')));
    const onAbort = settle(() => reject(abortSignal.reason));
    http2.on('connect', onConnect);
    http2.on('error', onError);
    http2.on('close', onClose);
    abortSignal.addEventListener('abort', onAbort, { once: true });
  });
}

function untilAnswered(stream: ClientHttp2Stream): Promise<StreamedReply> {
  return new Promise((resolve, reject) => {
    stream.once('response', (headers) =>
      resolve({ statusCode: Number(headers[HTTP2_HEADER_STATUS] ?? 0), headers: textsOf(headers), body: stream }),
    );
    // Also where it fails after it was answered: what it failed with is told to whoever reads it.
    stream.on('error', reject);
    stream.once('close', () => reject(connectionError('the connection was closed before an answer came')));
  });
}

const textsOf = (headers: IncomingHttpHeaders): Headers =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));

const timedOut = (host: string, timeoutMs: number): Error =>
  Object.assign(new Error(`no connection to ${host} within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
