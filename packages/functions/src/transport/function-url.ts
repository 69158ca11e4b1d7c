import { type Endpoint, endpointUrl } from '@sluice/config';
import { EndpointUnusableError } from './errors.ts';

/** Where a function is, as an HTTP client needs it. */
export interface FunctionUrl {
  /** Scheme, host and port. */
  readonly origin: string;
  /** A Unix socket that is connected to in place of the host. */
  readonly socketPath: string | undefined;
  /** Path and query. */
  readonly path: string;
  /** For logs and errors: without query, which may hold a secret. */
  readonly label: string;
}

/** @throws EndpointUnusableError where the template makes no URL */
export function functionUrl(endpoint: Endpoint, functionName: string): FunctionUrl {
  const text = endpointUrl(endpoint, functionName);
  const url = URL.parse(text);
  if (!url) throw new EndpointUnusableError(endpoint.id, `\`urlPathTemplate\` makes no URL for function \`${functionName}\``);
  const scheme = /^(https?)(\+unix)?:$/.exec(url.protocol);
  if (!scheme)
    throw new EndpointUnusableError(
      endpoint.id,
      `\`urlPathTemplate\`: expected http, https, http+unix or https+unix, got \`${url.protocol}\``,
    );
  return scheme[2] ? unixUrl(url, scheme[1]!, endpoint) : httpUrl(url);
}

export const httpUrl = (url: URL): FunctionUrl => ({
  origin: url.origin,
  socketPath: undefined,
  path: url.pathname + url.search,
  label: url.origin + url.pathname,
});

/**
 * The first part of the path that ends with `.sock` is the socket. As in the original, what follows is one segment of the request's path,
 * its slashes encoded, and the host is called `unused`.
 */
function unixUrl(url: URL, scheme: string, endpoint: Endpoint): FunctionUrl {
  const parts = decodeURIComponent(url.pathname).split('/').filter(Boolean);
  const socket = parts.findIndex((part) => part.endsWith('.sock'));
  if (socket < 0)
    throw new EndpointUnusableError(endpoint.id, '`urlPathTemplate`: the path of a Unix socket must have a part that ends with `.sock`');
  const socketPath = `/${parts.slice(0, socket + 1).join('/')}`;
  const path = `/${parts.slice(socket + 1).join('/')}`;
  return { origin: `${scheme}://unused`, socketPath, path: `/${encodeSegment(path)}`, label: `${socketPath}:${path}` };
}

/** Leaves the marks alone that need no encoding in a path. */
const encodeSegment = (text: string): string => encodeURIComponent(text).replaceAll(/%(?:3A|40|2B|2C|3B|3D|26|24)/g, decodeURIComponent);
