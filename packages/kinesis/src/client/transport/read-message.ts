import type { Readable } from 'node:stream';
import { MAX_REPLY_BYTES } from '../../limits.ts';
import type { BodyBuffers } from '../../wire/body-buffers.ts';
import { connectionError, type Exchange, type Headers } from './transport.ts';

export interface Message {
  readonly statusCode: number;
  readonly headers: Headers;
  readonly body: Readable;
}

/** Collects a reply that comes as a stream, and reads it. */
export async function readMessage<Output>(message: Message, exchange: Exchange<Output>, buffers: BodyBuffers): Promise<Output> {
  const { headers, statusCode } = message;
  const isKept = exchange.keepsBody(headers);
  const byteLength = Number(headers['content-length'] ?? Number.NaN);
  const isSized = byteLength <= MAX_REPLY_BYTES;
  const body = isSized
    ? await buffers.collect(message.body, byteLength, exchange.onProgress)
    : await collectUnsized(message.body, exchange.onProgress);
  try {
    return exchange.read({ statusCode, headers, body });
  } finally {
    if (!isKept) buffers.release(body);
  }
}

async function collectUnsized(stream: Readable, onProgress: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onProgress();
    size += chunk.byteLength;
    if (size > MAX_REPLY_BYTES) throw connectionError(`expected a reply of at most ${MAX_REPLY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
