import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { STATUS_CODES } from 'node:http';
import { constants, Http2ServerRequest } from 'node:http2';
import type { Writable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type Clock, sleep } from '@sluice/core';
import type { ApiReply } from '../dispatcher.ts';
import type { ReplyBody } from '../protocol/encoding.ts';
import type { AnyRequest, AnyResponse } from './protocol-switch.ts';

const SLICES_A_SECOND = 20;

/** Sends a reply, or as much of it and as fast as its faults allow. Rejects when the emulator has a bug, not when the client goes away. */
export async function sendReply(request: AnyRequest, anyResponse: AnyResponse, reply: ApiReply, clock: Clock): Promise<void> {
  const { bytesPerSecond, cutAfter } = reply.delivery ?? {};
  if (reply.lost === 'hang') return;
  if (reply.lost === 'reset') {
    resetConnection(request);
    return;
  }
  const { status, body, subscription } = reply;
  const length = subscription ? {} : { 'content-length': Buffer.byteLength(body) };
  const headers = { ...reply.headers, ...length, 'x-amzn-requestid': randomUUID() };
  // Both kinds of response have the methods that are used here.
  const response = anyResponse as AnyResponse & Writable & { writeHead(status: number, headers: object): void };
  if (cutAfter) {
    sendCut(request, rawReply(status, headers, body), cutAfter);
    return;
  }
  response.writeHead(status, headers);
  if (subscription) {
    subscription.attach(Object.assign(response, { reset: () => resetConnection(request) }));
    return;
  }
  if (bytesPerSecond !== undefined) await writeSlowly(response, bytesOf(body), bytesPerSecond, clock);
  response.end(bytesPerSecond === undefined ? body : undefined);
}

const bytesOf = (body: ReplyBody): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

/** The whole reply as it would go over the wire, so that it can be cut within its head too. */
function rawReply(status: number, headers: Readonly<Record<string, string | number>>, body: ReplyBody): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`), bytesOf(body)]);
}

/** On HTTP/2 the connection of the request goes, and all others on it with it. */
function resetConnection(request: AnyRequest): void {
  if (request instanceof Http2ServerRequest) request.stream.session?.destroy(undefined, constants.NGHTTP2_INTERNAL_ERROR);
  // Node cannot reset a TLS connection; it is closed then.
  else if (request.socket instanceof TLSSocket) request.socket.destroy();
  else request.socket.resetAndDestroy();
}

function sendCut(request: AnyRequest, reply: Buffer, cutAfter: (length: number) => number): void {
  const { socket } = request;
  // What is written there by hand is no HTTP/2.
  if (request instanceof Http2ServerRequest) resetConnection(request);
  else socket.end(reply.subarray(0, cutAfter(reply.length)), () => socket.destroy());
}

/** Writes the body in slices, each after the time that it takes at this bandwidth; stops when the client goes away. */
async function writeSlowly(response: Writable, body: Buffer, bytesPerSecond: number, clock: Clock): Promise<void> {
  const slice = Math.max(1, Math.floor(bytesPerSecond / SLICES_A_SECOND));
  for (let at = 0; at < body.length && !response.destroyed; at += slice) {
    const part = body.subarray(at, at + slice);
    await sleep(clock, (part.length / bytesPerSecond) * 1000);
    if (!response.write(part) && !response.destroyed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}
