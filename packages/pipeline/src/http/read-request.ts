import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Message } from '@sluice/bloblang';
import { boundaryIn, unpackMultipart } from '@sluice/codecs';
import { plain } from './plain.ts';
import { pathOf } from './routes.ts';

/** Bytes of a body, at most. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The messages of a request: its body, or each part of one; `undefined` where it was answered because it is too large. */
export async function readRequest(
  request: IncomingMessage,
  response: ServerResponse,
  variables: Readonly<Record<string, string>>,
): Promise<readonly Message[] | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      plain(response, 413, `expected at most ${MAX_BODY_BYTES} bytes`);
      return undefined;
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const metadata = metadataOf(request, variables);
  const boundary = boundaryIn(request.headers['content-type'] ?? '');
  const parts = boundary === undefined ? [body] : unpackMultipart(body, boundary);
  return parts.map((content) => ({ content, metadata }));
}

function metadataOf(request: IncomingMessage, variables: Readonly<Record<string, string>>): Message['metadata'] {
  const metadata = new Map<string, string>([
    ['http_server_user_agent', request.headers['user-agent'] ?? ''],
    ['http_server_request_path', pathOf(request)],
    ['http_server_verb', request.method ?? ''],
    ['http_server_remote_ip', request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? ''],
  ]);
  const add = (name: string, value: string) => {
    if (!metadata.has(name)) metadata.set(name, value);
  };
  for (const [place, name] of request.rawHeaders.entries()) if (place % 2 === 0) add(canonical(name), request.rawHeaders[place + 1]!);
  for (const [name, value] of new URLSearchParams(request.url?.replace(/^[^?]*\??/s, ''))) add(name, value);
  for (const [name, value] of Object.entries(variables)) metadata.set(name, value);
  for (const cookie of request.headers.cookie?.split(/; */) ?? []) add(cookie.replace(/=.*$/s, ''), cookie.replace(/^[^=]*=?/s, ''));
  return Object.fromEntries(metadata);
}

/** As Go writes names of headers. */
const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
