import { isDeepStrictEqual } from 'node:util';
import { decodeAnswer, formatAddress } from '@sluice/function-protocol';
import { decodeRequest, invocationsOf, type ReceivedRequest } from '@sluice/function-protocol/testing';

/** A request of the original runtime to a function server, and what the server answered. */
export interface Exchange {
  readonly scenario: string;
  readonly about: string;
  readonly n: number;
  readonly request: HttpRequest;
  readonly response: Response | 'connection reset';
}

/** A request, recorded or received. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly bodyBase64: string;
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64?: string;
}

export const idOf = ({ scenario, n }: Exchange): string => `${scenario}/${n}`;

export const requestOf = ({ bodyBase64 }: HttpRequest): ReceivedRequest => decodeRequest(Buffer.from(bodyBase64, 'base64'));

export const addressOf = (request: HttpRequest): string => formatAddress(requestOf(request).target);

/** The messages of a request as they are in a lane; with whether another function sent them. */
export const messagesOf = ({ bodyBase64 }: HttpRequest): { bytes: Uint8Array; isFromFunction: boolean }[] => {
  const body = Buffer.from(bodyBase64, 'base64');
  const { invocations } = decodeRequest(body);
  return invocationsOf(body).map((bytes, index) => ({ bytes, isFromFunction: invocations[index]!.caller !== undefined }));
};

/** Whether the original took the answer for the result of an invocation. */
export function hasResult({ response }: Exchange): boolean {
  if (response === 'connection reset' || ![200, 201].includes(response.status)) return false;
  if (response.headers['content-type']?.toLowerCase() !== 'application/octet-stream') return false;
  if (response.headers['content-encoding'] !== undefined) return true;
  try {
    return decodeAnswer(Buffer.from(response.bodyBase64 ?? '', 'base64')).type === 'result';
  } catch {
    return false;
  }
}

/** Header names count letter by letter for the transport that is known by them; okhttp's own three come from undici here, in small letters. */
function headersOf({ rawHeaders }: HttpRequest): Record<string, string> {
  const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]!] as const] : []));
  const isOkHttp = pairs.some(([name, value]) => name.toLowerCase() === 'user-agent' && value.startsWith('okhttp'));
  return Object.fromEntries(
    pairs.map(([name, value]) => [isOkHttp ? name.toLowerCase() : name, /^(host|connection)$/i.test(name) ? normal(name, value) : value]),
  );
}

const normal = (name: string, value: string): string => (name.toLowerCase() === 'host' ? value.replace(/:\d+$/, '') : value.toLowerCase());

/** Everything about a request but its messages, and its length, which follows from them. */
const frameOf = (request: HttpRequest) => {
  const { target, states } = requestOf(request);
  const { 'content-length': _, ...headers } = headersOf(request);
  return { method: request.method, url: request.url, headers, target, states };
};

/** What is different, or `undefined`. States are compared as a set. */
export function difference(expected: HttpRequest, actual: HttpRequest | undefined): string | undefined {
  if (!actual) return 'was not sent';
  const view = (request: HttpRequest) => ({
    ...frameOf(request),
    length: headersOf(request)['content-length'],
    messages: requestOf(request).invocations,
  });
  const [ours, theirs] = [view(actual), view(expected)];
  const parts = (Object.keys(theirs) as (keyof typeof theirs)[]).filter((part) => !isDeepStrictEqual(ours[part], theirs[part]));
  return parts.length === 0
    ? undefined
    : parts.map((part) => `${part}: expected ${show(theirs[part])}, got ${show(ours[part])}`).join('; ');
}

/**
 * As {@link difference}, for all requests of an address: the same messages, however they are split into requests.
 * @param isOrdered false where their order is chance
 */
export function differenceOfAll(expected: readonly HttpRequest[], actual: readonly HttpRequest[], isOrdered = true): string | undefined {
  const messages = (requests: readonly HttpRequest[]) => {
    const all = requests.flatMap((request) => requestOf(request).invocations);
    return isOrdered ? all : all.toSorted((a, b) => show(a).localeCompare(show(b)));
  };
  if (!isDeepStrictEqual(messages(actual), messages(expected)))
    return `messages: expected ${show(messages(expected))}, got ${show(messages(actual))}`;
  const other = actual.find((request) => !isDeepStrictEqual(frameOf(request), frameOf(expected[0]!)));
  return other && `expected ${show(frameOf(expected[0]!))}, got ${show(frameOf(other))}`;
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (isBufferJson(part) ? Buffer.from(part.data).toString('base64') : part))?.slice(0, 1500) ??
  'nothing';

const isBufferJson = (part: unknown): part is { data: number[] } =>
  typeof part === 'object' && part !== null && (part as { type?: unknown }).type === 'Buffer';
