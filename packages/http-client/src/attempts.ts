import { type Clock, sleep } from '@sluice/core';
import type { HttpAnswer, HttpClient, HttpClientSettings, HttpOutcome, HttpRequest } from '@sluice/processors';
import { type Exchange, ExchangeError, statusLine } from './exchange.ts';
import { loginAsHeader } from './login-as-header.ts';

type Judgement = 'success' | 'retry' | 'backOff' | 'drop';

/** Sends a request until it succeeds, its attempts are spent, or a status says that no further one helps. */
export class Attempts implements HttpClient {
  readonly #exchange: Pick<Exchange, 'run'>;
  readonly #settings: HttpClientSettings;
  readonly #clock: Clock;

  constructor(exchange: Pick<Exchange, 'run'>, settings: HttpClientSettings, clock: Clock) {
    this.#exchange = exchange;
    this.#settings = settings;
    this.#clock = clock;
  }

  async send(wanted: HttpRequest, signal: AbortSignal, admit?: () => Promise<void>): Promise<HttpOutcome> {
    const request = loginAsHeader(wanted);
    const { retries, retryPeriodMs, maxRetryBackoffMs } = this.#settings;
    for (let failures = 0, backoffs = 0; ; failures++) {
      await admit?.();
      const { judgement, ...outcome } = await this.#attempt(request, signal);
      if (judgement === 'drop') return { ...outcome, isRefused: true };
      if (judgement === 'success' || failures >= retries) return outcome;
      const pauseMs = judgement === 'backOff' ? Math.min(retryPeriodMs * 2 ** ++backoffs, maxRetryBackoffMs) : retryPeriodMs;
      await sleep(this.#clock, pauseMs, signal);
    }
  }

  async #attempt(request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome & { readonly judgement: Judgement }> {
    try {
      const answer = await this.#exchange.run(request, signal);
      const judgement = this.#judge(answer);
      return { judgement, answer, problem: judgement === 'success' ? undefined : problemOf(request, answer) };
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      return { judgement: 'retry', answer: undefined, problem: `${request.url}: ${error.message}` };
    }
  }

  #judge({ status }: HttpAnswer): Judgement {
    const { dropOn, backoffOn, successfulOn, followsRedirects } = this.#settings;
    if (dropOn.includes(status)) return 'drop';
    if (backoffOn.includes(status)) return 'backOff';
    if (successfulOn.includes(status)) return 'success';
    return status >= 200 && status < (followsRedirects ? 300 : 400) ? 'success' : 'retry';
  }
}

const problemOf = ({ url }: HttpRequest, { status, body }: HttpAnswer): string =>
  `${url}: HTTP request returned unexpected response code (${status}): ${statusLine(status)}, Error: ${Buffer.from(body).toString()}`;
