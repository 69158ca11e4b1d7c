import type { Headers } from './transport.ts';

/** The head of a reply whose end is known from it. */
export interface ReplyHead {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly byteLength: number;
  /** Whether the connection may carry another request. */
  readonly isPersistent: boolean;
  /** How long the server keeps a connection without a request, where it says so. */
  readonly idleMs: number | undefined;
}

const STATUS = /^HTTP\/1\.1 ([2-5]\d\d)(?: |$)/;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const LENGTH = /^\d{1,15}$/;
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 304]);
const IDLE = /(?:^|[\s,;])timeout=(\d{1,9})/;

/**
 * Reads the head of a plain reply: HTTP/1.1, a final status, one `content-length`. Anything else, such as a chunked reply, is `undefined`:
 * a whole HTTP parser has to look at it.
 * @param head Latin-1, without the empty line that ends it
 */
export function parseReplyHead(head: string): ReplyHead | undefined {
  const lines = head.split('\r\n');
  const statusCode = Number(STATUS.exec(lines[0]!)?.[1]);
  if (!statusCode || WITHOUT_BODY.has(statusCode)) return undefined;
  const headers: Record<string, string> = {};
  for (let index = 1; index < lines.length; index++) {
    const line = lines[index]!;
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!NAME.test(name) || line.includes('\n')) return undefined;
    if (name === 'transfer-encoding' || (name === 'content-length' && headers[name] !== undefined)) return undefined;
    headers[name] = line.slice(colon + 1).trim();
  }
  const length = headers['content-length'] ?? '';
  if (!LENGTH.test(length)) return undefined;
  const idleSeconds = IDLE.exec(headers['keep-alive'] ?? '')?.[1];
  return {
    ...{ statusCode, headers, byteLength: Number(length) },
    isPersistent: !/close/i.test(headers['connection'] ?? ''),
    idleMs: idleSeconds === undefined ? undefined : Number(idleSeconds) * 1000,
  };
}
