/**
 * Calls the functions of an endpoint over HTTP. A call is repeated as the endpoint's transport does it, always with the same bytes; it ends
 * with an answer of the function, well formed but not yet checked, or it fails as a whole.
 */
import type { Endpoint } from '@sluice/config';
import { type Clock, sleep } from '@sluice/core';
import type { FunctionAnswer } from '@sluice/function-protocol';
import { AttemptFailedError, type AttemptFailure } from './attempt-failure.ts';
import { createConnections } from './connections.ts';
import { FunctionCallError } from './errors.ts';
import { type FunctionUrl, functionUrl } from './function-url.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';
import { readAnswer } from './read-answer.ts';
import { isRedirect, redirectTarget } from './redirect.ts';
import { type HeaderList, REQUEST_HEADERS } from './request-headers.ts';
import { retryRules } from './retry-rules.ts';

export interface TransportPorts {
  readonly clock: Clock;
}

export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Further headers: names and values in turn. */
  readonly headers?: HeaderList;
  /** Hears of each attempt that failed, also where the call goes on with another one. */
  readonly onFailedAttempt?: (failure: AttemptFailure) => void;
}

export interface Transport {
  /**
   * @param functionName without its namespace
   * @param body a request of the protocol
   * @throws FunctionCallError within the time of a call, EndpointUnusableError for a name that makes no URL
   */
  call(functionName: string, body: Uint8Array, options?: CallOptions): Promise<FunctionAnswer>;
  /** Ends all connections; calls under way fail. */
  close(): Promise<void>;
}

/** okhttp has no limit of its own; an answer is in memory as a whole, so there must be one. */
const OKHTTP_MAX_BYTES = 128 * 1024 * 1024;

/** @throws EndpointUnusableError where a certificate or a key cannot be read */
export function createTransport(endpoint: Endpoint, { clock }: TransportPorts): Transport {
  const { transport } = endpoint;
  const rules = retryRules(transport);
  const connections = createConnections(endpoint, clock);
  const urls = new Map<string, FunctionUrl>();
  const maxBytes = transport.type === 'async' ? transport.payloadMaxBytes : OKHTTP_MAX_BYTES;
  const ownHeaders = REQUEST_HEADERS[transport.type];

  function urlOf(functionName: string): FunctionUrl {
    const url = urls.get(functionName) ?? functionUrl(endpoint, functionName);
    urls.set(functionName, url);
    return url;
  }

  /** Follows redirects where the transport does; each answer counts towards the time of the attempt. */
  async function attempt(url: FunctionUrl, body: Uint8Array, headers: HeaderList, remainingMs: number, signal?: AbortSignal) {
    let underway: { abort(reason: Error): void } | undefined;
    const limitMs = rules.attemptMs(remainingMs);
    const timer = clock.setTimeout(
      () => underway?.abort(new AttemptFailedError('timeout', `no answer within ${Math.ceil(limitMs)} ms`)),
      limitMs,
    );
    const onAbort = () => underway?.abort(signal!.reason as Error);
    signal?.addEventListener('abort', onAbort);
    try {
      const send = (to: FunctionUrl): Promise<HttpAnswer> => {
        const current = exchange({ dispatcher: connections.to(to), path: to.path, headers, body, maxBytes });
        underway = current;
        return current.answer;
      };
      let at = url;
      let answer = await send(at);
      for (let hops = 0; transport.type === 'okhttp' && isRedirect(answer); hops++) {
        at = redirectTarget(answer, at, hops);
        answer = await send(at);
      }
      return await readAnswer(answer, maxBytes, clock.now());
    } finally {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async function call(
    functionName: string,
    body: Uint8Array,
    { signal, headers = [], onFailedAttempt }: CallOptions = {},
  ): Promise<FunctionAnswer> {
    const url = urlOf(functionName);
    const allHeaders = headers.length > 0 ? [...ownHeaders, ...headers] : ownHeaders;
    const startedAt = clock.monotonic();
    const remaining = () => rules.budgetMs - (clock.monotonic() - startedAt);
    signal?.throwIfAborted();
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt(url, body, allHeaders, remaining(), signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof AttemptFailedError)) throw error;
        const { failure } = error;
        onFailedAttempt?.(failure);
        const giveUp = () => {
          const { status, retryAfterMs, why } = failure;
          const facts = { url: url.label, attempts, elapsedMs: clock.monotonic() - startedAt, status, retryAfterMs };
          return new FunctionCallError(why, facts, error);
        };
        const pauseMs = rules.isRetryable(failure) ? rules.pauseMs(attempts, remaining()) : undefined;
        // A server that asks for more time than is left is not asked again in this call.
        if (pauseMs === undefined || (failure.retryAfterMs ?? 0) > remaining()) throw giveUp();
        await sleep(clock, Math.max(pauseMs, failure.retryAfterMs ?? 0), signal);
        if (!rules.hasLastAttempt && rules.pauseMs(attempts, remaining()) === undefined) throw giveUp();
      }
    }
  }

  return { call, close: () => connections.destroy() };
}
