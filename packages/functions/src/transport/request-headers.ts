import type { EndpointTransport } from '@sluice/config';

/** Names and values in turn, as they go on the wire. undici adds `host`, `connection: keep-alive` and `content-length`. */
export type HeaderList = readonly string[];

const BINARY = 'application/octet-stream';

/** What each of the original's clients sends. Function servers may tell them apart, and some compare the content type letter by letter. */
export const REQUEST_HEADERS: Readonly<Record<EndpointTransport['type'], HeaderList>> = {
  async: ['content-type', BINARY, 'accept', BINARY, 'accept-encoding', 'gzip,deflate', 'user-agent', 'statefun'],
  okhttp: ['Content-Type', BINARY, 'Accept-Encoding', 'gzip', 'User-Agent', 'okhttp/3.14.6'],
};
