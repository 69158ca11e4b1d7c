/** One attempt: a request, the redirects after it, and the whole answer, all within one time limit. */
import { STATUS_CODES } from 'node:http';
import type { HttpAnswer, HttpClientSettings, HttpRequest } from '@sluice/processors';
import type { Dispatcher } from 'undici';
import type { Connections } from './connections.ts';
import { canonicalName } from './header-names.ts';

/** No whole answer came; the message is worded as the original words it. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
}

const MAX_REDIRECTS = 10;
/** Of an answer. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
/** Headers that say something of a body. */
const ABOUT_BODY = /^content-/i;
/** Headers for the first server alone. */
const FOR_ONE_HOST: ReadonlySet<string> = new Set(['authorization', 'cookie', 'www-authenticate']);

export class Exchange {
  readonly #settings: HttpClientSettings;
  readonly #connections: () => Promise<Connections>;

  constructor(settings: HttpClientSettings, connections: () => Promise<Connections>) {
    this.#settings = settings;
    this.#connections = connections;
  }

  /** Rejects with {@link ExchangeError}, or with the reason of the signal. */
  async run(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const timeout = AbortSignal.timeout(this.#settings.timeoutMs);
    const either = AbortSignal.any([signal, timeout]);
    let current = named(request);
    try {
      for (let redirects = 0; ; redirects++) {
        const answer = await this.#once(current, either);
        const next = this.#settings.followsRedirects ? redirected(current, answer) : undefined;
        if (!next) return answer;
        if (redirects === MAX_REDIRECTS) throw new Error(`stopped after ${MAX_REDIRECTS} redirects`);
        current = next;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new ExchangeError(`${verbOf(current.method)} "${current.url}": ${timeout.aborted ? TIMED_OUT : reasonOf(error)}`);
    }
  }

  async #once({ url, method, headers, body }: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { send } = await this.#connections();
    const answer = await send(url, {
      method: method as Dispatcher.HttpMethod,
      headers,
      ...(body.byteLength > 0 && { body }),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`);
      chunks.push(chunk);
    }
    const present = Object.entries(answer.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return { status: answer.statusCode, headers: Object.fromEntries(present), body: Buffer.concat(chunks) };
  }
}

const TIMED_OUT = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

/** `404 Not Found`. */
export const statusLine = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

/** Go's client names itself, and so do we. */
function named(request: HttpRequest): HttpRequest {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [canonicalName(name), value]));
  return { ...request, headers: { 'User-Agent': 'sluice', ...headers } };
}

/** The request that a redirect asks for; `undefined` where there is none. */
function redirected({ url, method, headers, body }: HttpRequest, { status, headers: answered }: HttpAnswer): HttpRequest | undefined {
  const location = answered['location'];
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== 'string') return undefined;
  const next = new URL(location, url);
  const keepsMethod = status >= 307 || method === 'GET' || method === 'HEAD';
  const isSameHost = next.host === new URL(url).host;
  const kept = Object.entries(headers).filter(
    ([name]) =>
      name.toLowerCase() !== 'host' && (keepsMethod || !ABOUT_BODY.test(name)) && (isSameHost || !FOR_ONE_HOST.has(name.toLowerCase())),
  );
  const isDowngrade = url.startsWith('https:') && next.protocol === 'http:';
  return {
    url: next.href,
    method: keepsMethod ? method : 'GET',
    headers: { ...Object.fromEntries(kept), ...(!isDowngrade && { Referer: url }) },
    body: keepsMethod ? body : new Uint8Array(),
  };
}

const verbOf = (method: string): string => `${method.slice(0, 1).toUpperCase()}${method.slice(1).toLowerCase()}`;

function reasonOf(error: unknown): string {
  const { code, address, port, message } = error as NodeJS.ErrnoException & { readonly address?: string; readonly port?: number };
  if (code === 'ECONNREFUSED') return `dial tcp ${address}:${port}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${(error as { hostname?: string }).hostname}: no such host`;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'EOF';
  return message;
}
