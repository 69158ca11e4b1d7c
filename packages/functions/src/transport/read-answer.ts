import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw } from 'node:zlib';
import { decodeAnswer, type FunctionAnswer, MalformedMessageError } from '@sluice/function-protocol';
import { AttemptFailedError } from './attempt-failure.ts';
import { type HttpAnswer, tooLarge } from './http-exchange.ts';
import { retryAfterMs } from './retry-after.ts';

const BINARY = 'application/octet-stream';

/**
 * What a function answered. Success is any status from 200 to 299 with exactly the binary content type, in any case of letters; then an
 * empty body is a result without effects.
 * @param nowMs wall clock, for a `Retry-After` that is a date
 * @throws AttemptFailedError
 */
export async function readAnswer(answer: HttpAnswer, maxBytes: number, nowMs: number): Promise<FunctionAnswer> {
  const { status, headers } = answer;
  if (status < 200 || status > 299) {
    throw new AttemptFailedError('status', `HTTP status ${status}`, { status, retryAfterMs: retryAfterMs(headers['retry-after'], nowMs) });
  }
  const contentType = [headers['content-type'] ?? []].flat();
  if (!contentType.some((value) => value.trim().toLowerCase() === BINARY)) {
    const found = contentType.length === 0 ? 'none' : `\`${contentType.join(', ').slice(0, 100)}\``;
    throw new AttemptFailedError('answer', `expected the content type \`${BINARY}\` with HTTP status ${status}, got ${found}`, { status });
  }
  const body = await decompress(answer, maxBytes);
  try {
    return decodeAnswer(body);
  } catch (error) {
    if (!(error instanceof MalformedMessageError)) throw error;
    throw new AttemptFailedError('answer', error.message, { status }, error);
  }
}

const DECODERS: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  deflate: (body, options) => promisify(isZlib(body) ? inflate : inflateRaw)(body, options),
};

/** By its name, `deflate` has a zlib header; some servers leave it out. */
const isZlib = (body: Buffer): boolean => body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;

async function decompress({ status, headers, body }: HttpAnswer, maxBytes: number): Promise<Buffer> {
  const encoding = String(headers['content-encoding'] ?? 'identity')
    .trim()
    .toLowerCase()
    .replace(/^x-/, '');
  if (encoding === 'identity' || encoding === '' || body.length === 0) return body;
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (!decode)
    throw new AttemptFailedError('answer', `expected the content encoding gzip or deflate, got \`${encoding.slice(0, 40)}\``, { status });
  try {
    return await decode(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes, status);
    throw new AttemptFailedError('answer', `the ${encoding} body cannot be read`, { status }, error);
  }
}
