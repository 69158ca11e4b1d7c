import { AttemptFailedError } from './attempt-failure.ts';
import { type FunctionUrl, httpUrl } from './function-url.ts';
import type { HttpAnswer } from './http-exchange.ts';

const REDIRECTS = new Set([300, 301, 302, 303, 307, 308]);
const MAX_REDIRECTS = 20;

export const isRedirect = ({ status, headers }: HttpAnswer): boolean => REDIRECTS.has(status) && headers['location'] !== undefined;

/**
 * Where a redirect leads. The request goes there as it is: the original's client turns it into a GET without body, which no function
 * server answers.
 * @param hops redirects followed before this one
 * @throws AttemptFailedError
 */
export function redirectTarget({ status, headers }: HttpAnswer, from: FunctionUrl, hops: number): FunctionUrl {
  if (hops >= MAX_REDIRECTS) throw new AttemptFailedError('connection', `more than ${MAX_REDIRECTS} redirects`, { status });
  const url = URL.parse([headers['location']].flat()[0] ?? '', from.origin + from.path);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new AttemptFailedError('status', `HTTP status ${status} leads to no HTTP address`, { status });
  const target = httpUrl(url);
  return from.socketPath !== undefined && target.origin === from.origin ? { ...target, socketPath: from.socketPath } : target;
}
